using Vigie.Engine.Formats.Lines;

namespace Vigie.Engine.Formats.Web;

/// <summary>Logs in the W3C extended format (W3C working draft WD-logfile-960323): IIS, ISA/TMG, Blue Coat, the Windows firewall, Exchange.</summary>
internal sealed class W3cFormat : LogFormat
{
    /// <inheritdoc/>
    public override string Id => "w3c";

    /// <inheritdoc/>
    public override string Title => "W3C extended log (IIS, Exchange, Windows firewall)";

    /// <inheritdoc/>
    public override int Recognize(ReadOnlySpan<byte> head, string fileName)
    {
        for (var lines = 0; lines < 200 && !head.IsEmpty; lines++)
        {
            var line = LineSample.Next(ref head, out _);
            if (line.StartsWith("#Fields:"u8)) return 97;
        }

        return 0;
    }

    /// <inheritdoc/>
    public override LogReader Open(LogReaderOptions options) => new W3cReader(options);
}
