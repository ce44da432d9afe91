namespace Vigie.Engine.Lookalikes;

/// <summary>The layouts whose neighbouring keys count.</summary>
[Flags]
public enum KeyboardLayouts
{
    /// <summary>No layout: no key is another's neighbour.</summary>
    None = 0,

    /// <summary>English.</summary>
    Qwerty = 1,

    /// <summary>French, and much of West Africa.</summary>
    Azerty = 2,

    /// <summary>German.</summary>
    Qwertz = 4,

    /// <summary>All of them: one does not know at which keyboard somebody sits.</summary>
    All = Qwerty | Azerty | Qwertz,
}

/// <summary>
/// How near two keys lie. Rows are shifted as on real keyboards (ISO/IEC 9995-2: a quarter to a half key a row), so that
/// nearness is geometry and not a hand-made table.
/// </summary>
internal sealed class Keyboard
{
    private static readonly string[] QwertyRows = ["1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm,."];
    private static readonly string[] AzertyRows = ["1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn,."];
    private static readonly string[] QwertzRows = ["1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm,.-"];
    private static readonly double[] RowShift = [0, 0.5, 0.75, 1.25];
    private static readonly Keyboard[] Sets = [.. Enumerable.Range(0, 8).Select(set => new Keyboard((KeyboardLayouts)set))];

    private readonly float[] _nearness = new float[128 * 128];

    private Keyboard(KeyboardLayouts layouts)
    {
        if (layouts.HasFlag(KeyboardLayouts.Qwerty)) Lay(QwertyRows);
        if (layouts.HasFlag(KeyboardLayouts.Azerty)) Lay(AzertyRows);
        if (layouts.HasFlag(KeyboardLayouts.Qwertz)) Lay(QwertzRows);
    }

    /// <summary>The keyboard of a set of layouts: two keys are as near as on the layout where they are nearest.</summary>
    public static Keyboard Of(KeyboardLayouts layouts) => Sets[(int)(layouts & KeyboardLayouts.All)];

    /// <summary>1 for neighbours in a row, less for neighbours across rows, 0 for all others.</summary>
    public double Nearness(char a, char b) => a < 128 && b < 128 ? _nearness[a * 128 + b] : 0;

    private void Lay(string[] rows)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < rows[row].Length; column++) LayFrom(rows, row, column);
        }
    }

    private void LayFrom(string[] rows, int row, int column)
    {
        for (var other = Math.Max(0, row - 1); other <= Math.Min(rows.Length - 1, row + 1); other++)
        {
            for (var at = 0; at < rows[other].Length; at++)
            {
                var aside = column + RowShift[row] - at - RowShift[other];
                var distance = Math.Sqrt(aside * aside + (row - other) * (row - other));
                if (distance is <= 0 or > 1.3) continue;
                ref var nearness = ref _nearness[rows[row][column] * 128 + rows[other][at]];
                nearness = Math.Max(nearness, distance <= 1 ? 1f : distance < 1.2 ? 0.6f : 0.35f);
            }
        }
    }
}
