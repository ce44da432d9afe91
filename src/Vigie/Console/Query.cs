using System.Globalization;
using System.Text;

namespace Vigie.Console;

/// <summary>Values of the query string, which anybody may have written.</summary>
internal static class Query
{
    /// <summary>The longest value that is taken; longer ones are cut.</summary>
    public const int MaxLength = 300;

    /// <summary>A search text: trimmed, bounded, null where nothing remains.</summary>
    public static string? Text(string? value)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        return text.Length <= MaxLength ? text : text[..MaxLength];
    }

    public static long? Number(string? value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static T? Name<T>(string? value) where T : struct, Enum =>
        Enum.TryParse<T>(value, ignoreCase: true, out var name) && Enum.IsDefined(name) ? name : null;

    /// <summary>A path with the parameters that have a value.</summary>
    public static string Address(string path, params IEnumerable<(string Name, string? Value)> parameters)
    {
        var address = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters.Where(parameter => !string.IsNullOrEmpty(parameter.Value)))
        {
            address.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value!));
            separator = '&';
        }

        return address.ToString();
    }
}
