using System.Globalization;

namespace Vigie.Commands;

/// <summary>One line on standard error that shows how far long work has come; nothing where no person looks at it.</summary>
internal sealed class ProgressBar(TextWriter error, bool isTerminal, string label) : IProgress<double>, IDisposable
{
    private const int Width = 30;
    private int _shown = -1;

    /// <summary>A bar on standard error, unless that goes to a file or a pipe.</summary>
    public static ProgressBar On(TextWriter error, string label) => new(error, !System.Console.IsErrorRedirected, label);

    /// <param name="value">0 to 1.</param>
    public void Report(double value)
    {
        var percent = (int)(Math.Clamp(value, 0, 1) * 100);
        if (!isTerminal || percent == _shown) return;
        _shown = percent;
        var filled = percent * Width / 100;
        error.Write(string.Create(CultureInfo.InvariantCulture, $"\r[{new string('#', filled)}{new string(' ', Width - filled)}] {percent,3} % {label}"));
    }

    /// <summary>Wipes the line, so that what follows starts on a clean one.</summary>
    public void Dispose()
    {
        if (_shown >= 0) error.Write($"\r{new string(' ', Width + 10 + label.Length)}\r");
    }
}
