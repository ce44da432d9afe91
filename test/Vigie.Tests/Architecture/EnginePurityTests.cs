using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Vigie.Engine;

namespace Vigie.Tests.Architecture;

/// <summary>The engine is pure: no socket, disk, clock, thread or database. Read from the assembly's own metadata.</summary>
public sealed class EnginePurityTests
{
    private static readonly string[] ForbiddenAssemblies =
        ["System.Net.", "Microsoft.AspNetCore", "Microsoft.Extensions", "Microsoft.Data", "System.Data", "Npgsql", "Dapper", "System.Diagnostics.Process", "System.IO.FileSystem.", "System.IO.Pipes", "System.Console"];

    private static readonly string[] ForbiddenTypes =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.DriveInfo", "System.IO.RandomAccess",
        "System.Threading.Thread", "System.Threading.ThreadPool", "System.Threading.Timer", "System.Threading.PeriodicTimer", "System.Threading.Tasks.Parallel",
        "System.Diagnostics.Stopwatch", "System.Diagnostics.Process", "System.Console",
    ];

    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.TimeProvider.get_System", "System.Random.get_Shared", "System.Guid.NewGuid", "System.Threading.Tasks.Task.Run", "System.Threading.Tasks.Task.Delay",
    ];

    [Fact]
    public void The_engine_refers_to_nothing_that_touches_the_world()
    {
        using var file = new PEReader(File.OpenRead(typeof(Bilingual).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var assemblies = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToList();
        var types = metadata.TypeReferences.ToDictionary(handle => handle, handle => NameOf(metadata, handle));
        var members = metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => $"{types[(TypeReferenceHandle)member.Parent]}.{metadata.GetString(member.Name)}").ToList();

        // The test would pass on an empty list; it reads a real one.
        Assert.Contains("System.Runtime", assemblies);
        Assert.Contains("System.String", types.Values);
        Assert.NotEmpty(members);

        // Addresses and networks as values come with System.Net.Primitives; its sockets and requests are refused by type below.
        Breaches.None(assemblies.Where(name => name != "System.Net.Primitives" && ForbiddenAssemblies.Any(f => (name + ".").StartsWith(f, StringComparison.Ordinal))));
        Breaches.None(types.Values.Intersect(ForbiddenTypes, StringComparer.Ordinal));
        Breaches.None(types.Values.Where(name => name.StartsWith("System.Net.Sockets.", StringComparison.Ordinal) || name.StartsWith("System.Net.Http.", StringComparison.Ordinal)));
        Breaches.None(members.Intersect(ForbiddenMembers, StringComparer.Ordinal));
        // Iterators ask for the thread they were made on; nothing else of the environment is read.
        Breaches.None(members.Where(name => name.StartsWith("System.Environment.", StringComparison.Ordinal) && name != "System.Environment.get_CurrentManagedThreadId"));
    }

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        return type.Namespace.IsNil ? name : metadata.GetString(type.Namespace) + "." + name;
    }
}
