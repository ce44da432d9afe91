using System.Numerics;

namespace Vigie.Engine.Attack;

/// <summary>
/// Kernel ridge regression from stages of cases: a row is the first techniques of a case, its likeness to another row the cosine
/// of the two sets. Asked about a set of techniques, it answers with a weight for each row. Rows can be left out of a question,
/// which gives exactly what a regression made without them would give.
/// </summary>
internal sealed class StageRidge
{
    private const double Tolerance = 1e-9;
    private const int MaxSteps = 200;

    private readonly int[][] _sets;
    private readonly double[][] _likeness;
    private readonly int _techniques;

    /// <summary>A regression over rows.</summary>
    /// <param name="sets">The techniques of each row, without doubles.</param>
    /// <param name="techniques">How many techniques there are.</param>
    public StageRidge(int[][] sets, int techniques)
    {
        _sets = sets;
        _techniques = techniques;
        _likeness = new double[sets.Length][];
        var holds = new bool[techniques];
        for (var i = 0; i < sets.Length; i++) _likeness[i] = new double[sets.Length];
        for (var i = 0; i < sets.Length; i++)
        {
            foreach (var technique in sets[i]) holds[technique] = true;
            for (var j = i; j < sets.Length; j++) _likeness[i][j] = _likeness[j][i] = Cosine(holds, sets[i].Length, sets[j]);
            foreach (var technique in sets[i]) holds[technique] = false;
        }
    }

    /// <summary>The weight of each row for what was seen; 0 for rows left out.</summary>
    /// <param name="seen">Techniques, without doubles.</param>
    /// <param name="penalty">The ridge's penalty.</param>
    /// <param name="isLeftOut">Which rows do not take part.</param>
    public double[] Weights(int[] seen, double penalty, Func<int, bool> isLeftOut)
    {
        var holds = new bool[_techniques];
        foreach (var technique in seen) holds[technique] = true;
        var active = new bool[_sets.Length];
        var target = new double[_sets.Length];
        for (var i = 0; i < _sets.Length; i++)
        {
            active[i] = !isLeftOut(i);
            if (active[i]) target[i] = Cosine(holds, seen.Length, _sets[i]);
        }

        return Solve(target, active, penalty);
    }

    // Conjugate gradients (Hestenes and Stiefel 1952): the matrix is symmetric and, by the penalty, well conditioned.
    private double[] Solve(double[] target, bool[] active, double penalty)
    {
        var n = target.Length;
        var (x, residual, direction, product) = (new double[n], (double[])target.Clone(), (double[])target.Clone(), new double[n]);
        var error = Dot(residual, residual);
        var enough = error * Tolerance * Tolerance;
        for (var step = 0; step < MaxSteps && error > enough; step++)
        {
            for (var i = 0; i < n; i++) product[i] = active[i] ? Dot(_likeness[i], direction) + (penalty * direction[i]) : 0;
            var length = error / Dot(direction, product);
            for (var i = 0; i < n; i++)
            {
                x[i] += length * direction[i];
                residual[i] -= length * product[i];
            }

            var before = error;
            error = Dot(residual, residual);
            for (var i = 0; i < n; i++) direction[i] = residual[i] + (error / before * direction[i]);
        }

        return x;
    }

    private static double Cosine(bool[] holds, int size, int[] other)
    {
        var shared = 0;
        foreach (var technique in other) if (holds[technique]) shared++;
        return shared == 0 ? 0 : shared / Math.Sqrt((double)size * other.Length);
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = Vector<double>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count) sum += new Vector<double>(a, i) * new Vector<double>(b, i);
        var rest = Vector.Sum(sum);
        for (; i < a.Length; i++) rest += a[i] * b[i];
        return rest;
    }
}
