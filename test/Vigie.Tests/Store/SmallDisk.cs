using System.Diagnostics;
using System.Globalization;

namespace Vigie.Tests.Store;

/// <summary>A file system of a few megabytes, in memory, that can be filled and made read-only; only root can have one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Mounts one, or skips the test by name where that is not allowed.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("vigie-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "vigie-test", folder)) return new SmallDisk(folder);

        Directory.Delete(folder);
        Assert.Skip("Mounting a file system needs root.");
        return null!;
    }

    /// <summary>Takes all room that is left; deleting the file gives it back.</summary>
    public string Fill()
    {
        var file = Path.Combine(Folder, "filler");
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true) stream.Write(block);
        }
        catch (IOException)
        {
            return file;
        }
    }

    public void Remount(string option) => Assert.True(Run("mount", "-o", $"remount,{option}", Folder));

    public void Dispose()
    {
        Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
