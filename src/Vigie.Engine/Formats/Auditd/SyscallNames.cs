using System.Text;

namespace Vigie.Engine.Formats.Auditd;

/// <summary>
/// Names of system calls by architecture and number, for records that were not enriched. Those that audit rules watch; facts of
/// the kernel's tables (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
/// </summary>
internal static class SyscallNames
{
    private const string X64 =
        "0 read,1 write,2 open,3 close,4 stat,5 fstat,6 lstat,9 mmap,10 mprotect,16 ioctl,21 access,40 sendfile,41 socket,42 connect,43 accept,44 sendto,45 recvfrom,46 sendmsg,47 recvmsg,49 bind,50 listen," +
        "56 clone,57 fork,58 vfork,59 execve,60 exit,61 wait4,62 kill,63 uname,72 fcntl,76 truncate,77 ftruncate,78 getdents,79 getcwd,80 chdir,82 rename,83 mkdir,84 rmdir,85 creat,86 link,87 unlink,88 symlink," +
        "89 readlink,90 chmod,91 fchmod,92 chown,93 fchown,94 lchown,95 umask,96 gettimeofday,98 getrusage,99 sysinfo,101 ptrace,102 getuid,103 syslog,105 setuid,106 setgid,112 setsid,113 setreuid,114 setregid," +
        "117 setresuid,119 setresgid,126 capset,133 mknod,134 uselib,135 personality,136 ustat,155 pivot_root,157 prctl,159 adjtimex,161 chroot,164 settimeofday,165 mount,166 umount2,167 swapon,168 swapoff,169 reboot," +
        "170 sethostname,171 setdomainname,172 iopl,173 ioperm,175 init_module,176 delete_module,188 setxattr,189 lsetxattr,190 fsetxattr,197 removexattr,198 lremovexattr,199 fremovexattr,227 clock_settime," +
        "246 kexec_load,257 openat,258 mkdirat,259 mknodat,260 fchownat,263 unlinkat,264 renameat,265 linkat,266 symlinkat,268 fchmodat,269 faccessat,272 unshare,288 accept4,303 name_to_handle_at,304 open_by_handle_at," +
        "308 setns,310 process_vm_readv,311 process_vm_writev,313 finit_module,316 renameat2,317 seccomp,319 memfd_create,320 kexec_file_load,321 bpf,322 execveat,323 userfaultfd,425 io_uring_setup,426 io_uring_enter,435 clone3,437 openat2,439 faccessat2";

    private const string Arm64 =
        "5 setxattr,6 lsetxattr,7 fsetxattr,14 removexattr,15 lremovexattr,16 fremovexattr,17 getcwd,25 fcntl,29 ioctl,33 mknodat,34 mkdirat,35 unlinkat,36 symlinkat,37 linkat,38 renameat,39 umount2,40 mount,41 pivot_root," +
        "45 truncate,46 ftruncate,48 faccessat,49 chdir,51 chroot,52 fchmod,53 fchmodat,54 fchownat,55 fchown,56 openat,57 close,61 getdents64,63 read,64 write,71 sendfile,78 readlinkat,79 newfstatat,80 fstat,91 capset," +
        "92 personality,93 exit,97 unshare,104 kexec_load,105 init_module,106 delete_module,112 clock_settime,116 syslog,117 ptrace,129 kill,142 reboot,143 setregid,144 setgid,145 setreuid,146 setuid,147 setresuid,149 setresgid," +
        "157 setsid,160 uname,161 sethostname,162 setdomainname,165 getrusage,166 umask,167 prctl,169 gettimeofday,170 settimeofday,171 adjtimex,174 getuid,179 sysinfo,198 socket,200 bind,201 listen,202 accept,203 connect," +
        "206 sendto,207 recvfrom,211 sendmsg,212 recvmsg,220 clone,221 execve,222 mmap,224 swapon,225 swapoff,226 mprotect,242 accept4,260 wait4,264 name_to_handle_at,265 open_by_handle_at,268 setns,270 process_vm_readv," +
        "271 process_vm_writev,273 finit_module,276 renameat2,277 seccomp,279 memfd_create,280 bpf,281 execveat,282 userfaultfd,294 kexec_file_load,425 io_uring_setup,426 io_uring_enter,435 clone3,437 openat2,439 faccessat2";

    private static readonly Dictionary<int, byte[]> OfX64 = Parse(X64);
    private static readonly Dictionary<int, byte[]> OfArm64 = Parse(Arm64);

    /// <summary>The name, or empty when it is not known.</summary>
    /// <param name="arch">As the record has it: <c>c000003e</c> (x86_64) or <c>c00000b7</c> (aarch64).</param>
    /// <param name="number">The number.</param>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> arch, int number)
    {
        var table = arch.SequenceEqual("c000003e"u8) ? OfX64 : arch.SequenceEqual("c00000b7"u8) ? OfArm64 : null;
        return table is not null && table.TryGetValue(number, out var name) ? name : [];
    }

    private static Dictionary<int, byte[]> Parse(string table) => table.Split(',').Select(pair => pair.Split(' '))
        .ToDictionary(pair => int.Parse(pair[0], System.Globalization.CultureInfo.InvariantCulture), pair => Encoding.ASCII.GetBytes(pair[1]));
}
