using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vigie.Engine.Stix;

/// <summary>Identifiers of STIX 2.1 objects that are the same wherever and whenever the same thing is described (UUIDv5, RFC 9562 §5.5).</summary>
public static class StixIds
{
    /// <summary>The namespace of cyber-observable objects (STIX 2.1 §2.9).</summary>
    public static readonly Guid Observables = new("00abedb4-aa42-466c-9c01-fed23315a9b7");

    /// <summary>The namespace of everything else that Vigie describes.</summary>
    public static readonly Guid Own = new("6d3c4d5e-4a5a-5b8e-9f6d-7c1f0a2e9b41");

    // Canonical JSON (RFC 8785) escapes nothing that need not be.
    private static readonly JsonSerializerOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The identifier of a domain or relationship object.</summary>
    /// <param name="type">The object's type.</param>
    /// <param name="name">What makes it this one.</param>
    public static string Of(string type, string name) => $"{type}--{Uuid(Own, $"{type}:{name}")}";

    /// <summary>The identifier of a cyber-observable object.</summary>
    /// <param name="type">The object's type.</param>
    /// <param name="contributing">The contributing properties (STIX 2.1 §6), by name; a value is a string or again such properties.</param>
    public static string Observable(string type, IReadOnlyDictionary<string, object> contributing) => $"{type}--{Uuid(Observables, Json(contributing))}";

    /// <summary>A UUID of version 5.</summary>
    public static Guid Uuid(Guid space, string name)
    {
        var bytes = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        space.TryWriteBytes(bytes, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, bytes.AsSpan(16));
        // The algorithm is the standard's; nothing here rests on its strength.
#pragma warning disable CA5350
        var hash = SHA1.HashData(bytes).AsSpan(0, 16);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    private static string Json(IReadOnlyDictionary<string, object> properties) => "{" + string.Join(',', properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p =>
        JsonSerializer.Serialize(p.Key, Canonical) + ":" + (p.Value is IReadOnlyDictionary<string, object> inner ? Json(inner) : JsonSerializer.Serialize((string)p.Value, Canonical)))) + "}";
}
