using System.Globalization;

namespace Vigie.Engine.Formats.Json;

/// <summary>The arrays and wrappers around the documents.</summary>
internal struct JsonNesting
{
    private const int MaxDepth = 63;

    // One bit for each: set for an object. The last one entered is the lowest.
    private ulong _objects;
    private int _depth;

    /// <summary>How many there are.</summary>
    public readonly int Depth => _depth;

    /// <summary>Whether the innermost is an object, so that what follows are members rather than documents.</summary>
    public readonly bool InObject => _depth > 0 && (_objects & 1) != 0;

    /// <summary>Whether the innermost is an array.</summary>
    public readonly bool InArray => _depth > 0 && (_objects & 1) == 0;

    /// <summary>Enters one; false when there are too many.</summary>
    public bool Push(bool isObject)
    {
        if (_depth == MaxDepth) return false;
        _objects = (_objects << 1) | (isObject ? 1UL : 0UL);
        _depth++;
        return true;
    }

    /// <summary>Leaves the innermost.</summary>
    public void Pop()
    {
        _objects >>= 1;
        _depth--;
    }

    /// <summary>Leaves all.</summary>
    public void Clear() => this = default;

    /// <summary>For <see cref="Parse"/>.</summary>
    public override readonly string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_depth}:{_objects:x}");

    /// <summary>What <see cref="ToString"/> wrote; nothing entered when it is something else.</summary>
    public static JsonNesting Parse(string state)
    {
        var colon = state.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !int.TryParse(state.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var depth) || depth > MaxDepth
            || !ulong.TryParse(state.AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var objects)) return default;
        return new JsonNesting { _depth = depth, _objects = objects & ((1UL << depth) - 1) };
    }
}
