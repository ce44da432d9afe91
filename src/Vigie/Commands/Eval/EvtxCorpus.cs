namespace Vigie.Commands.Eval;

/// <summary>Event logs of the evaluation data, in memory.</summary>
/// <param name="Files">Each file by folder and name.</param>
/// <param name="Absent">Folders that are not there.</param>
internal sealed record EvtxCorpus(IReadOnlyList<EvtxCorpusFile> Files, IReadOnlyList<string> Absent)
{
    private const int HeaderSize = 4096;
    private const int ChunkSize = 65_536;

    private static readonly string[] Folders = ["sigma/regression_data", "logs/evtx-attack-samples"];

    public static EvtxCorpus Load(EvaluationData data)
    {
        var files = new List<EvtxCorpusFile>();
        var absent = new List<string>();
        foreach (var folder in Folders)
        {
            var path = Path.Combine(data.Root, folder);
            if (!Directory.Exists(path))
            {
                data.Find(folder);
                absent.Add(folder);
                continue;
            }

            foreach (var file in Directory.EnumerateFiles(path, "*.evtx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                files.Add(new EvtxCorpusFile(folder, Path.GetRelativePath(path, file), File.ReadAllBytes(file)));
        }

        return new EvtxCorpus(files, absent);
    }

    /// <summary>All chunks of all files, one after another, as one long log has them; chunks that were never written are left out.</summary>
    public byte[] OneLog()
    {
        var log = new MemoryStream();
        foreach (var file in Files)
        {
            for (var at = HeaderSize; at + ChunkSize <= file.Bytes.Length; at += ChunkSize)
            {
                var chunk = file.Bytes.AsSpan(at, ChunkSize);
                if (chunk.StartsWith("ElfChnk\0"u8)) log.Write(chunk);
            }
        }

        return log.ToArray();
    }
}

/// <summary>One event log.</summary>
internal sealed record EvtxCorpusFile(string Folder, string Name, byte[] Bytes);
