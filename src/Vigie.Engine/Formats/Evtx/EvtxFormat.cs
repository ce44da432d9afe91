namespace Vigie.Engine.Formats.Evtx;

/// <summary>Windows event logs since Vista: <c>.evtx</c> files, whole or in parts.</summary>
public sealed class EvtxFormat : LogFormat
{
    /// <inheritdoc/>
    public override string Id => "evtx";

    /// <inheritdoc/>
    public override string Title => "Windows event log (EVTX)";

    /// <inheritdoc/>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName)
    {
        if (head.StartsWith(EvtxReader.FileMagic) || head.StartsWith(EvtxReader.ChunkMagic)) return 100;

        // A file whose first block is damaged still has its chunks.
        if (head.Length >= EvtxReader.FileHeaderSize && head[EvtxReader.FileHeaderSize..].StartsWith(EvtxReader.ChunkMagic)) return 95;
        return fileName.EndsWith(".evtx", StringComparison.OrdinalIgnoreCase) ? 40 : 0;
    }

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new EvtxReader();
}
