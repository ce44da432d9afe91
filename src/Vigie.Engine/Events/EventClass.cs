using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Vigie.Engine.Events;

/// <summary>
/// The log sources an event belongs to. One event can belong to several: a Sysmon event 1 is <c>windows</c>/<c>sysmon</c>
/// and also of the category <c>process_creation</c>. Interned: equal classes are the same object.
/// </summary>
public sealed class EventClass
{
    private static readonly ConcurrentDictionary<string, EventClass> Known = new(StringComparer.Ordinal);
    private static int _last;

    private EventClass(ImmutableArray<string> products, ImmutableArray<string> services, ImmutableArray<string> categories, ImmutableArray<string> keyFields)
    {
        Products = products;
        Services = services;
        Categories = categories;
        KeyFields = keyFields;
        Id = Interlocked.Increment(ref _last) - 1;
    }

    /// <summary>An event whose log source is not known; only rules without any log source term apply.</summary>
    public static EventClass Unknown { get; } = Of([], [], []);

    /// <summary>A small number, unique in the process; not stable between runs.</summary>
    public int Id { get; }

    /// <summary>For example <c>windows</c>.</summary>
    public ImmutableArray<string> Products { get; }

    /// <summary>For example <c>sysmon</c>.</summary>
    public ImmutableArray<string> Services { get; }

    /// <summary>For example <c>process_creation</c>.</summary>
    public ImmutableArray<string> Categories { get; }

    /// <summary>
    /// The fields whose values together identify the event wherever it is seen (host, channel, record id, time);
    /// empty when its place in the file is all there is.
    /// </summary>
    public ImmutableArray<string> KeyFields { get; }

    /// <summary>The class with these terms.</summary>
    public static EventClass Of(ReadOnlySpan<string> products, ReadOnlySpan<string> services, ReadOnlySpan<string> categories, params ReadOnlySpan<string> keyFields)
    {
        var key = $"{string.Join(',', products!)}|{string.Join(',', services!)}|{string.Join(',', categories!)}|{string.Join(',', keyFields!)}";
        if (Known.TryGetValue(key, out var known)) return known;
        var made = new EventClass([.. products], [.. services], [.. categories], [.. keyFields]);
        return Known.GetOrAdd(key, made);
    }

    /// <summary>Whether a rule for <paramref name="source"/> applies: every term the rule names is one of the event's.</summary>
    public bool Covers(LogSource source) =>
        Has(Products, source.Product) && Has(Services, source.Service) && Has(Categories, source.Category);

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join(',', Products)}/{string.Join(',', Services)}/{string.Join(',', Categories)}";

    private static bool Has(ImmutableArray<string> terms, string? wanted) =>
        wanted is null || terms.Contains(wanted, StringComparer.OrdinalIgnoreCase);
}
