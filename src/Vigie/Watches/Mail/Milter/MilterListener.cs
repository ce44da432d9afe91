using System.Net;
using System.Net.Sockets;
using Vigie.Operations;

namespace Vigie.Watches.Mail.Milter;

/// <summary>Opens the sockets the MTA connects to.</summary>
internal static class MilterListener
{
    private const int Backlog = 1024;

    public static Socket ListenTcp(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new ListenException("mail.milter.tcp", endPoint.ToString(), e);
        }
    }

    /// <summary>
    /// Listens on a unix socket. It is made under another name and moved into place once its permissions are set, so
    /// that there is no moment at which the wrong user may connect; a socket left behind by a dead process is replaced.
    /// </summary>
    public static Socket ListenUnix(string path, UnixFileMode mode, string? group)
    {
        RefuseIfTaken(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var newPath = $"{path}.{Environment.ProcessId % 1000:000}";
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(newPath);
            socket.Bind(new UnixDomainSocketEndPoint(newPath));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(newPath, mode);
            if (group is not null) UnixGroups.Assign(newPath, UnixGroups.Find(group) ?? throw new IOException($"there is no group {group}"));
            socket.Listen(Backlog);
            File.Move(newPath, path, overwrite: true);
            return socket;
        }
        catch (Exception e) when (e is not ListenException)
        {
            socket.Dispose();
            File.Delete(newPath);
            throw new ListenException("mail.milter.unix", path, e);
        }
    }

    private static void RefuseIfTaken(string path)
    {
        if (!File.Exists(path)) return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            return;
        }
        catch (SocketException e)
        {
            throw new ListenException("mail.milter.unix", path, new IOException("a file that is not a dead socket is in the way", e));
        }

        throw new ListenException("mail.milter.unix", path, new SocketException((int)SocketError.AddressAlreadyInUse));
    }

    // A regular file also refuses connections; only a socket may be replaced.
    private static bool IsSocket(string path) => (File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.ReparsePoint)) == 0 && new FileInfo(path).Length == 0 && !CanBeOpened(path);

    private static bool CanBeOpened(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // open(2) on a socket fails with ENXIO.
            return false;
        }
    }
}
