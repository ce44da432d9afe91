using System.Runtime.CompilerServices;
using Vigie.Operations;

namespace Vigie.Tests.Acceptance;

/// <summary>A node started inside the test process must not choose on which threads the sockets of every other test go on.</summary>
internal static class TestProcessSockets
{
    [ModuleInitializer]
    internal static void KeepThreads() => Environment.SetEnvironmentVariable(SocketThreads.Inline, "0");
}
