using System.Text.Json;
using Vigie.Engine.Attack;
using Vigie.Store;

namespace Vigie.Incidents.Next;

/// <summary>What the model was trained from.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Sha256">Of the file as it was, in lower-case hex.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Objects">How many STIX objects it held.</param>
internal sealed record NextTechniqueSource(string Name, string Sha256, long Bytes, int Objects);

/// <summary>The model of what comes next with its papers, as it lies in <c>models/next-technique.json</c> of the data folder.</summary>
internal sealed record NextTechniqueModel
{
    public const int CurrentFormat = 1;
    public const long MaxBytes = 50_000_000;

    /// <summary>What MITRE asks of every copy (ATT&amp;CK terms of use).</summary>
    public const string Attribution =
        "ATT&CK® is a registered trademark of The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation. "
        + "The MITRE Corporation (MITRE) hereby grants you a non-exclusive, royalty-free license to use ATT&CK® for research, development, and commercial purposes. "
        + "Any copy you make for such purposes is authorized provided that you reproduce MITRE's copyright designation and this license in any such copy.";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 16,
        RespectNullableAnnotations = true,
    };

    public required int Format { get; init; }

    /// <summary>The program that trained it.</summary>
    public required string Program { get; init; }

    public required DateTimeOffset TrainedAt { get; init; }

    public required NextTechniqueSource Source { get; init; }

    /// <summary>The copyright statement the source carries, and <see cref="Attribution"/>.</summary>
    public required string Licence { get; init; }

    public required NextTechniqueParameters Parameters { get; init; }

    /// <summary>How well later halves of cases were foretold, each case left out in turn with these parameters.</summary>
    public required IReadOnlyList<NextTechniqueScore> Measured { get; init; }

    public required AttackKnowledge Knowledge { get; init; }

    /// <summary>Where the model lies in a data folder.</summary>
    public static string FileIn(string dataDirectory) => Path.Combine(dataDirectory, "models", "next-technique.json");

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The file is no such model.</exception>
    public static NextTechniqueModel Read(string file)
    {
        using var stream = File.OpenRead(file);
        if (stream.Length > MaxBytes) throw new InvalidDataException($"it has more than {MaxBytes} bytes");
        try
        {
            var model = JsonSerializer.Deserialize<NextTechniqueModel>(stream, Json) ?? throw new InvalidDataException("it is empty");
            if (model.Format != CurrentFormat) throw new InvalidDataException($"its format is {model.Format}, this program reads {CurrentFormat}");
            if (!IsWhole(model.Knowledge)) throw new InvalidDataException("parts of it are missing");
            return model;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"it is no model: {e.Message}", e);
        }
    }

    /// <summary>Writes the model beside where it belongs and then puts it there, so that a reader never sees half of one.</summary>
    public void Write(string file)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder)) DataDirectory.Prepare(folder);
        var partial = file + ".partial";
        using (var stream = DataDirectory.OpenPrivate(partial, FileMode.Create, FileShare.None))
        {
            JsonSerializer.Serialize(stream, this, Json);
            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, file, overwrite: true);
    }

    // A list that a file leaves out is not empty but absent, which would only show when it is used.
    private static bool IsWhole(AttackKnowledge knowledge) =>
        !knowledge.Tactics.IsDefault && !knowledge.Techniques.IsDefault && !knowledge.Cases.IsDefault && !knowledge.Mitigations.IsDefault && !knowledge.Detections.IsDefault
        && knowledge.Techniques.All(technique => technique is { Tactics.IsDefault: false, Mitigations.IsDefault: false, Detections.IsDefault: false })
        && knowledge.Cases.All(one => one is { Techniques.IsDefault: false, Twins.IsDefault: false })
        && knowledge.Detections.All(detection => detection is { LogSources.IsDefault: false });
}
