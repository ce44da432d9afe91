namespace Vigie.Tests;

/// <summary>
/// Real data that is not part of the project: <c>VIGIE_DATA</c>, or <c>shared/data</c> beside the checkout.
/// A test that needs what is absent is skipped, by name.
/// </summary>
internal static class ExternalData
{
    private static readonly string? Root = Find();

    /// <summary>The path of a file or folder of the data; the test is skipped where it is absent.</summary>
    public static string Require(string relative)
    {
        var path = Find(relative);
        Assert.SkipWhen(path is null, $"the data '{relative}' is not here (VIGIE_DATA names its folder)");
        return path!;
    }

    /// <summary>The path of a file or folder of the data; null where it is absent.</summary>
    public static string? Find(string relative)
    {
        var path = Root is null ? null : System.IO.Path.Combine(Root, relative);
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("VIGIE_DATA") is { Length: > 0 } named) return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = System.IO.Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data)) return data;
        }

        return null;
    }
}
