namespace Vigie.Operations.Install;

/// <summary>One thing <c>vigie install</c> or <c>uninstall</c> does to the machine; safe to do again.</summary>
internal abstract record InstallStep
{
    /// <summary>The step in a line, as <c>--dry-run</c> prints it.</summary>
    public abstract string Describe();

    /// <summary>What the line leaves out, such as a file's content; null when nothing.</summary>
    public virtual string? Detail => null;

    /// <summary>Does it; a failure is an <see cref="IOException"/> that says what and why.</summary>
    public abstract Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Runs a program of the system; its last line becomes the failure's reason.</summary>
    protected static async Task ExecuteAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var run = await SystemProgram.RunAsync(program, arguments, TimeSpan.FromMinutes(2), cancellationToken);
        if (run.ExitCode != 0) throw new IOException($"{program} {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.LastLine("no reason given")}");
    }
}

/// <summary>Makes the system user and group the node runs as; nobody can log in as it.</summary>
internal sealed record MakeUser(string Name, string Home) : InstallStep
{
    public override string Describe() => $"make the system user {Name} (no login, home {Home})";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (File.ReadLines("/etc/passwd").Any(l => l.StartsWith(Name + ":", StringComparison.Ordinal))) return;
        await ExecuteAsync("useradd", ["--system", "--user-group", "--home-dir", Home, "--no-create-home", "--shell", "/usr/sbin/nologin", Name], cancellationToken);
    }
}

/// <summary>Removes the user again.</summary>
internal sealed record RemoveUser(string Name) : InstallStep
{
    public override string Describe() => $"remove the system user {Name}";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (File.ReadLines("/etc/passwd").Any(l => l.StartsWith(Name + ":", StringComparison.Ordinal))) await ExecuteAsync("userdel", [Name], cancellationToken);
    }
}

/// <summary>Makes a folder with permissions and owner (<c>user:group</c>; null leaves it).</summary>
internal sealed record MakeFolder(string Path, int Mode, string? Owner) : InstallStep
{
    public override string Describe() => $"make the folder {Path} (mode {Convert.ToString(Mode, 8)}{(Owner is null ? "" : $", {Owner}")})";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path);
        if (Owner is not null) await ExecuteAsync("chown", [Owner, Path], cancellationToken);
        await ExecuteAsync("chmod", [Convert.ToString(Mode, 8), Path], cancellationToken);
    }
}

/// <summary>Writes a text file; with <c>Keep</c>, one that exists stays as it is (settings).</summary>
internal sealed record WriteFile(string Path, string Content, int Mode, string? Owner, bool Keep = false) : InstallStep
{
    public override string Describe() => Keep && File.Exists(Path)
        ? $"keep {Path} as it is"
        : $"write {Path} (mode {Convert.ToString(Mode, 8)}{(Owner is null ? "" : $", {Owner}")})";

    public override string? Detail => Keep && File.Exists(Path) ? null : Content;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Keep && File.Exists(Path)) return;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        // In one step: systemd or a node that reads it now sees the old file or the whole new one.
        var temporary = Path + ".new";
        await File.WriteAllTextAsync(temporary, Content, cancellationToken);
        await ExecuteAsync("chmod", [Convert.ToString(Mode, 8), temporary], cancellationToken);
        if (Owner is not null) await ExecuteAsync("chown", [Owner, temporary], cancellationToken);
        File.Move(temporary, Path, overwrite: true);
    }
}

/// <summary>Copies the program's folder; what was there before is replaced as a whole.</summary>
internal sealed record CopyProgram(string From, string To) : InstallStep
{
    public override string Describe() => $"copy the program from {From} to {To}";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        var fresh = To + ".new";
        var old = To + ".old";
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        CopyFolder(From, fresh);
        // Owned by root and readable by all, whatever umask the build had.
        await ExecuteAsync("chmod", ["-R", "u=rwX,go=rX", fresh], cancellationToken);

        // A node that runs keeps the files it has open; the folder is exchanged under it.
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        if (Directory.Exists(To)) Directory.Move(To, old);
        Directory.Move(fresh, To);
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from)) CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}

/// <summary>Makes a symbolic link, in the place of an older one.</summary>
internal sealed record MakeLink(string Path, string Target) : InstallStep
{
    public override string Describe() => $"link {Path} to {Target}";

    public override Task RunAsync(CancellationToken cancellationToken)
    {
        if (new FileInfo(Path) is { LinkTarget: null, Exists: true }) throw new IOException($"{Path} exists and is not a link; move it away");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.Delete(Path);
        File.CreateSymbolicLink(Path, Target);
        return Task.CompletedTask;
    }
}

/// <summary>Removes a file, link or folder that install made.</summary>
internal sealed record Remove(string Path) : InstallStep
{
    public override string Describe() => $"remove {Path}";

    public override Task RunAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Path) && new DirectoryInfo(Path).LinkTarget is null) Directory.Delete(Path, recursive: true);
        else if (File.Exists(Path) || new FileInfo(Path).LinkTarget is not null) File.Delete(Path);
        return Task.CompletedTask;
    }
}

/// <summary>Runs a program of the system; with <c>MayFail</c> (stopping what may not run), whatever comes of it.</summary>
internal sealed record RunProgram(string Program, string[] Arguments, bool MayFail = false) : InstallStep
{
    public override string Describe() => $"run {Program} {string.Join(' ', Arguments)}";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(Program, Arguments, cancellationToken);
        }
        catch (IOException) when (MayFail)
        {
            // What was to be stopped does not run.
        }
    }
}
