namespace Vigie.Commands.Rules;

/// <summary>Finds rule files.</summary>
internal static class RuleFiles
{
    /// <summary>A rule file itself, or every <c>.yml</c> and <c>.yaml</c> beneath a folder in the order of names; what begins with a dot is left out.</summary>
    public static IEnumerable<string> Under(string path)
    {
        if (!Directory.Exists(path)) return [path];
        return Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Where(file => Path.GetExtension(file) is ".yml" or ".yaml" && !Path.GetRelativePath(path, file).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.')))
            .Order(StringComparer.Ordinal);
    }
}
