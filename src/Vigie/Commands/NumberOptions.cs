using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Vigie.Commands;

/// <summary>Options that take a number: what is no number, or out of its range, is said in one sentence.</summary>
internal static class NumberOptions
{
    private const int Shown = 40;

    /// <summary>The option takes numbers from one to another, both included.</summary>
    public static Option<T> Within<T>(this Option<T> option, T least, T most) where T : struct, INumber<T>
    {
        option.CustomParser = result => Parse(result, option.Name, least, most) ?? default;
        return option;
    }

    /// <summary>The same where it may be left out.</summary>
    public static Option<T?> Within<T>(this Option<T?> option, T least, T most) where T : struct, INumber<T>
    {
        option.CustomParser = result => Parse(result, option.Name, least, most);
        return option;
    }

    private static T? Parse<T>(ArgumentResult result, string name, T least, T most) where T : struct, INumber<T>
    {
        var text = result.Tokens is [.., var token] ? token.Value : "";
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        var kind = T.IsInteger(T.One / (T.One + T.One)) ? "a whole number" : "a number";
        var given = text.Length <= Shown ? text : text[..Shown] + "…";
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: {kind} from {least} to {most} is expected, not \"{given}\"."));
        return null;
    }
}
