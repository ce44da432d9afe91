using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vigie.Watches.Logs.Sources.Files;

/// <summary>Which file it is, whatever its name: the device and the inode. Zero where the system has no such thing.</summary>
/// <param name="Device">The device it lies on.</param>
/// <param name="Inode">Its number there; used again once the file is deleted.</param>
internal readonly record struct FileId(ulong Device, ulong Inode)
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint WantInode = 0x100;

    /// <summary>Whether the system told.</summary>
    public bool IsKnown => Inode != 0;

    /// <summary>The file that a path leads to now; unknown where there is none.</summary>
    public static FileId Of(string path) => Ask(() => (statx(CurrentFolder, Encoding.UTF8.GetBytes(path + '\0'), 0, WantInode, out var status), status));

    /// <summary>The file that is open.</summary>
    public static FileId Of(SafeFileHandle file) => Ask(() => (statx(file, [0], EmptyPath, WantInode, out var status), status));

    private static FileId Ask(Func<(int Result, Status Status)> ask)
    {
        if (!OperatingSystem.IsLinux()) return default;
        try
        {
            var (result, status) = ask();
            return result == 0 ? new FileId(((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Inode) : default;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than 2018: files are told apart by their beginnings alone.
            return default;
        }
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int folder, byte[] path, int flags, uint mask, out Status status);

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(SafeFileHandle file, byte[] path, int flags, uint mask, out Status status);

    // struct statx of <linux/stat.h>; the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
