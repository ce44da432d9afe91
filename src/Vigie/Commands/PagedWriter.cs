using System.Text;

namespace Vigie.Commands;

/// <summary>Hands text on in large pieces: standard output flushes at every write.</summary>
internal sealed class PagedWriter(TextWriter output) : TextWriter
{
    private const int Piece = 32 * 1024;
    private readonly StringBuilder _text = new(Piece + 1024);

    /// <inheritdoc/>
    public override Encoding Encoding => output.Encoding;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        _text.Append(value);
        if (_text.Length >= Piece) Flush();
    }

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        _text.Append(value);
        if (_text.Length >= Piece) Flush();
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        output.Write(_text);
        _text.Clear();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) Flush();
        base.Dispose(disposing);
    }
}
