using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Vigie.Tests.Incidents;

/// <summary>
/// Holds values against JSON schemas (draft 2020-12) that refer to each other by file name: the keywords that the schemas of STIX use, and
/// no other. A keyword it does not know is an error, never a pass.
/// </summary>
internal sealed class JsonSchemas(string root)
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, JsonElement> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    /// <summary>What is wrong with a value; empty where it keeps to the schema.</summary>
    /// <param name="value">The value.</param>
    /// <param name="file">The schema's file, relative to the root.</param>
    public IReadOnlyList<string> Check(JsonElement value, string file)
    {
        var faults = new List<string>();
        Check(value, new Place(file, Read(file)), "", faults);
        return faults;
    }

    private bool IsValid(JsonElement value, Place schema) => Check(value, schema, "", null);

    private bool Check(JsonElement value, Place schema, string path, List<string>? faults)
    {
        if (schema.Schema.ValueKind is JsonValueKind.True) return true;
        if (schema.Schema.ValueKind is JsonValueKind.False) return Refuse(faults, path, $"must not be there");
        var good = true;
        foreach (var keyword in schema.Schema.EnumerateObject())
        {
            good &= Keyword(value, schema, keyword, path, faults);
            // Who does not ask what is wrong need not know what else is.
            if (!good && faults is null) return false;
        }

        return good;
    }

    private bool Keyword(JsonElement value, Place schema, JsonProperty keyword, string path, List<string>? faults)
    {
        var argument = keyword.Value;
        switch (keyword.Name)
        {
            // Said to people; read where they are referred to or asked for.
            case "$id" or "$schema" or "title" or "description" or "definitions" or "then" or "else":
                return true;
            case "$ref":
                return Check(value, Follow(schema, argument.GetString()!), path, faults);
            case "type":
                return IsOf(value, argument) || Refuse(faults, path, $"is no {argument}");
            case "enum":
                return argument.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)) || Refuse(faults, path, $"\"{value}\" is none of {argument.GetArrayLength()} values");
            case "const":
                return JsonElement.DeepEquals(argument, value) || Refuse(faults, path, $"is not {argument}");
            case "allOf":
                return argument.EnumerateArray().ToList().TrueForAll(one => Check(value, schema with { Schema = one }, path, faults));
            case "anyOf":
                return argument.EnumerateArray().Any(one => IsValid(value, schema with { Schema = one })) || Refuse(faults, path, $"fits none of {argument.GetArrayLength()} schemas");
            case "oneOf":
                var fitting = argument.EnumerateArray().Count(one => IsValid(value, schema with { Schema = one }));
                return fitting == 1 || Refuse(faults, path, $"fits {fitting} of {argument.GetArrayLength()} schemas, not one");
            case "not":
                return !IsValid(value, schema with { Schema = argument }) || Refuse(faults, path, $"fits what it must not: {argument}");
            case "if":
                return !schema.Schema.TryGetProperty(IsValid(value, schema with { Schema = argument }) ? "then" : "else", out var branch) || Check(value, schema with { Schema = branch }, path, faults);
            default:
                return value.ValueKind switch
                {
                    JsonValueKind.Object => OfObject(value, schema, keyword, path, faults),
                    JsonValueKind.Array => OfArray(value, schema, keyword, path, faults),
                    JsonValueKind.String => OfString(value.GetString()!, keyword, path, faults),
                    JsonValueKind.Number => OfNumber(value.GetDouble(), keyword, path, faults),
                    _ => Known(keyword),
                };
        }
    }

    private bool OfObject(JsonElement value, Place schema, JsonProperty keyword, string path, List<string>? faults)
    {
        var argument = keyword.Value;
        switch (keyword.Name)
        {
            case "required":
                return argument.EnumerateArray().Aggregate(true, (good, name) => (value.TryGetProperty(name.GetString()!, out _) || Refuse(faults, path, $"{name} is missing")) && good);
            case "minProperties":
                return value.EnumerateObject().Count() >= argument.GetInt32() || Refuse(faults, path, $"has too few properties");
            case "properties":
                return argument.EnumerateObject().Aggregate(true, (good, one) =>
                    (!value.TryGetProperty(one.Name, out var inner) || Check(inner, schema with { Schema = one.Value }, $"{path}/{one.Name}", faults)) && good);
            case "patternProperties":
                return argument.EnumerateObject().Aggregate(true, (good, one) => value.EnumerateObject().Where(inner => Matches(one.Name, inner.Name))
                    .Aggregate(good, (all, inner) => Check(inner.Value, schema with { Schema = one.Value }, $"{path}/{inner.Name}", faults) && all));
            case "additionalProperties":
                return value.EnumerateObject().Where(inner => !IsNamed(schema.Schema, inner.Name))
                    .Aggregate(true, (good, inner) => Check(inner.Value, schema with { Schema = argument }, $"{path}/{inner.Name}", faults) && good);
            case "propertyNames":
                return value.EnumerateObject().Aggregate(true, (good, inner) => Check(JsonSerializer.SerializeToElement(inner.Name), schema with { Schema = argument }, $"{path}/{inner.Name}", faults) && good);
            default:
                return Known(keyword);
        }
    }

    private bool OfArray(JsonElement value, Place schema, JsonProperty keyword, string path, List<string>? faults)
    {
        switch (keyword.Name)
        {
            case "items":
                return value.EnumerateArray().Select((inner, i) => Check(inner, schema with { Schema = keyword.Value }, $"{path}/{i}", faults)).ToList().TrueForAll(good => good);
            case "minItems":
                return value.GetArrayLength() >= keyword.Value.GetInt32() || Refuse(faults, path, $"has too few items");
            case "contains":
                return value.EnumerateArray().Any(inner => IsValid(inner, schema with { Schema = keyword.Value })) || Refuse(faults, path, $"lacks an item it needs");
            default:
                return Known(keyword);
        }
    }

    private bool OfString(string value, JsonProperty keyword, string path, List<string>? faults) => keyword.Name switch
    {
        "pattern" => Matches(keyword.Value.GetString()!, value) || Refuse(faults, path, $"\"{Cut(value)}\" does not match {Cut(keyword.Value.GetString()!)}"),
        "minLength" => value.EnumerateRunes().Count() >= keyword.Value.GetInt32() || Refuse(faults, path, $"is too short"),
        "maxLength" => value.EnumerateRunes().Count() <= keyword.Value.GetInt32() || Refuse(faults, path, $"is too long"),
        "format" => IsOfFormat(value, keyword.Value.GetString()!) || Refuse(faults, path, $"\"{Cut(value)}\" is no {keyword.Value}"),
        _ => Known(keyword),
    };

    private static bool OfNumber(double value, JsonProperty keyword, string path, List<string>? faults) => keyword.Name switch
    {
        "minimum" => value >= keyword.Value.GetDouble() || Refuse(faults, path, $"is too small"),
        "maximum" => value <= keyword.Value.GetDouble() || Refuse(faults, path, $"is too large"),
        _ => Known(keyword),
    };

    // A keyword for values of another kind says nothing about this one.
    private static bool Known(JsonProperty keyword) => keyword.Name is "required" or "minProperties" or "properties" or "patternProperties" or "additionalProperties" or "propertyNames"
        or "items" or "minItems" or "contains" or "pattern" or "minLength" or "maxLength" or "format" or "minimum" or "maximum"
        ? true
        : throw new NotSupportedException($"the schema uses \"{keyword.Name}\", which is not checked here");

    private bool IsNamed(JsonElement schema, string name) =>
        (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _))
        || (schema.TryGetProperty("patternProperties", out var patterns) && patterns.EnumerateObject().Any(pattern => Matches(pattern.Name, name)));

    private static bool IsOf(JsonElement value, JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(one => IsOf(value, one)) : type.GetString() switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        var other => throw new NotSupportedException($"the schema asks for the type \"{other}\""),
    };

    private static bool IsOfFormat(string value, string format) => format switch
    {
        "uri" => Uri.TryCreate(value, UriKind.Absolute, out _),
        "email" => value.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < value.Length - 1,
        "idn-hostname" => Uri.CheckHostName(value) == UriHostNameType.Dns,
        _ => throw new NotSupportedException($"the schema asks for the format \"{format}\""),
    };

    // ECMA-262: "$" is the end, and not also the place before a last line break.
    private bool Matches(string pattern, string value) => _patterns.GetOrAdd(pattern, static pattern =>
        new Regex(pattern.EndsWith('$') && !pattern.EndsWith("\\$", StringComparison.Ordinal) ? pattern[..^1] + "\\z" : pattern, RegexOptions.CultureInvariant, MatchTimeout)).IsMatch(value);

    private Place Follow(Place from, string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var name = hash < 0 ? reference : reference[..hash];
        var file = name.Length == 0 ? from.File : Path.GetRelativePath(root, Path.GetFullPath(Path.Combine(root, Path.GetDirectoryName(from.File)!, name)));
        var schema = Read(file);
        if (hash >= 0)
        {
            foreach (var step in reference[(hash + 1)..].Split('/', StringSplitOptions.RemoveEmptyEntries)) schema = schema.GetProperty(step);
        }

        return new Place(file, schema);
    }

    private JsonElement Read(string file) => _files.GetOrAdd(file, name => JsonElement.Parse(File.ReadAllBytes(Path.Combine(root, name))));

    private static bool Refuse(List<string>? faults, string path, FormattableString what)
    {
        faults?.Add($"{path}: {Cut(what.ToString(CultureInfo.InvariantCulture))}");
        return false;
    }

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200] + "…";

    private readonly record struct Place(string File, JsonElement Schema);
}
