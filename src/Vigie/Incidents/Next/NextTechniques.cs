using Vigie.Engine.Attack;
using Vigie.Operations;

namespace Vigie.Incidents.Next;

/// <summary>A model ready to be asked.</summary>
internal sealed class LoadedNextTechniques(NextTechniqueModel model)
{
    private readonly Dictionary<string, KnownMitigation> _mitigations = model.Knowledge.Mitigations.DistinctBy(one => one.Id).ToDictionary(one => one.Id, StringComparer.Ordinal);
    private readonly Dictionary<string, KnownDetection> _detections = model.Knowledge.Detections.DistinctBy(one => one.Id).ToDictionary(one => one.Id, StringComparer.Ordinal);
    private readonly Dictionary<string, KnownTechnique> _techniques = model.Knowledge.Techniques.DistinctBy(one => one.Id).ToDictionary(one => one.Id, StringComparer.Ordinal);

    public NextTechniqueModel Model { get; } = model;

    public NextTechniquePredictor Predictor { get; } = new(model.Knowledge, model.Parameters);

    /// <summary>The name of a technique, of a sub-technique with its parent's in front; the id itself when it is not known.</summary>
    public string NameOf(string id)
    {
        if (!_techniques.TryGetValue(id, out var technique)) return id;
        return id.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && _techniques.TryGetValue(id[..dot], out var parent) ? $"{parent.Name}: {technique.Name}" : technique.Name;
    }

    /// <summary>What hinders a technique.</summary>
    public IEnumerable<KnownMitigation> MitigationsOf(KnownTechnique technique) => technique.Mitigations.Select(id => _mitigations.GetValueOrDefault(id)).OfType<KnownMitigation>();

    /// <summary>What shows a technique.</summary>
    public IEnumerable<KnownDetection> DetectionsOf(KnownTechnique technique) => technique.Detections.Select(id => _detections.GetValueOrDefault(id)).OfType<KnownDetection>();
}

/// <summary>
/// The model of what comes next, read from the data folder when it is first needed and again when its file changes. Where it
/// cannot be read, the one before stays in use.
/// </summary>
internal sealed class NextTechniques(Settings settings, ILogger<NextTechniques> log)
{
    private readonly Lock _lock = new();
    private (DateTime Written, long Length)? _stamp;
    private LoadedNextTechniques? _loaded;

    /// <summary>Where the model is looked for.</summary>
    public string File { get; } = NextTechniqueModel.FileIn(settings.DataDirectory);

    /// <summary>Why the file that is there cannot be used; null when it can, or when there is none.</summary>
    public string? Problem { get; private set; }

    /// <summary>The model; null when there is none yet.</summary>
    public LoadedNextTechniques? Current()
    {
        var info = new FileInfo(File);
        lock (_lock)
        {
            (DateTime, long)? stamp = info.Exists ? (info.LastWriteTimeUtc, info.Length) : null;
            if (stamp == _stamp) return _loaded;
            _stamp = stamp;
            Problem = null;
            if (stamp is null) return _loaded = null;
            try
            {
                _loaded = new LoadedNextTechniques(NextTechniqueModel.Read(File));
                log.NextTechniquesLoaded(File, _loaded.Model.Knowledge.Cases.Length, _loaded.Model.Source.Name);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                Problem = e.Message;
                log.NextTechniquesNotLoaded(File, e.Message);
            }

            return _loaded;
        }
    }
}
