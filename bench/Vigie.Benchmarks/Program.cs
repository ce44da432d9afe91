using BenchmarkDotNet.Running;
using Vigie.Benchmarks;

// A whole run against a node is no benchmark of one call: bench/peers/live-logs.sh starts it.
if (args is ["live-logs", .. var options]) return await LiveLogs.RunAsync(options);
BenchmarkSwitcher.FromAssembly(System.Reflection.Assembly.GetExecutingAssembly()).Run(args);
return 0;
