using Vigie.Store;

namespace Vigie.Console;

/// <summary>The folder of the data-protection keys: for the node's own user alone.</summary>
internal static class KeyDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder where it is missing, and takes away what others could do with what is in it.</summary>
    public static DirectoryInfo Prepare(string path)
    {
        DataDirectory.Prepare(Path.GetDirectoryName(path)!);
        var folder = OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        if (OperatingSystem.IsWindows()) return folder;

        // An existing folder keeps its mode in CreateDirectory; a restored backup may have brought a wider one.
        Narrow(path, OwnerOnly | UnixFileMode.UserExecute);
        foreach (var key in folder.EnumerateFiles("*.xml")) Narrow(key.FullName, OwnerOnly);
        return folder;
    }

    // Only where it changes something: on a disk that has gone read-only the node still starts, to say so.
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void Narrow(string path, UnixFileMode mode)
    {
        if (File.GetUnixFileMode(path) != mode) File.SetUnixFileMode(path, mode);
    }
}
