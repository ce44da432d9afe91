namespace Vigie.Store;

/// <summary>The node's data folder: only its own account may look inside.</summary>
public static class DataDirectory
{
    private const UnixFileMode PrivateFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The folder of key files within a data folder: what lies in it is part of every backup.</summary>
    public static string Keys(string dataDirectory) => Path.Combine(dataDirectory, "keys");

    /// <summary>
    /// Makes the folder with mode 0700. One that exists keeps its mode: an administrator may have opened it for
    /// a socket, and every file in it is private by itself.
    /// </summary>
    public static void Prepare(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, PrivateFolder);
    }

    /// <summary>Makes an empty file with mode 0600 unless the file exists.</summary>
    public static void CreatePrivate(string file)
    {
        if (File.Exists(file)) return;
        using var created = OpenPrivate(file, FileMode.OpenOrCreate);
    }

    /// <summary>Opens a file for reading and writing; where it is made, with mode 0600.</summary>
    public static FileStream OpenPrivate(string file, FileMode mode, FileShare share = FileShare.Read)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateFile;
        return new FileStream(file, options);
    }
}
