using System.Globalization;
using System.Runtime.InteropServices;

namespace Vigie.Watches.Mail.Milter;

/// <summary>The machine's groups, and giving a file to one of them: what .NET has no call for.</summary>
internal static class UnixGroups
{
    private const uint SameOwner = uint.MaxValue;

    /// <summary>The number of a group in <c>/etc/group</c>; a decimal number is taken as it is. Null where there is none.</summary>
    public static uint? Find(string name)
    {
        if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        if (!File.Exists("/etc/group")) return null;
        foreach (var line in File.ReadLines("/etc/group"))
        {
            var fields = line.Split(':');
            if (fields.Length >= 3 && fields[0] == name && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return id;
        }

        return null;
    }

    /// <summary>Gives a file to a group that this process belongs to (or to any, as root).</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Assign(string path, uint group)
    {
        if (LChown(path, SameOwner, group) == 0) return;
        throw new IOException($"cannot give {path} to group {group}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int LChown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);
}
