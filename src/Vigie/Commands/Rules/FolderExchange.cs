using System.Runtime.InteropServices;

namespace Vigie.Commands.Rules;

/// <summary>Puts a finished folder in the place of another, so that whoever looks sees either the old one or the new one whole.</summary>
internal static class FolderExchange
{
    private const int CurrentDirectory = -100;
    private const uint Exchange = 2;

    /// <summary>Moves <paramref name="made"/> to <paramref name="place"/>; what stood there is deleted.</summary>
    public static void Put(string made, string place)
    {
        if (!Directory.Exists(place))
        {
            Directory.Move(made, place);
            return;
        }

        // Linux exchanges two names in one step; file systems that cannot (some network ones) get two.
        if (RenameAt2(CurrentDirectory, made, CurrentDirectory, place, Exchange) == 0)
        {
            Directory.Delete(made, recursive: true);
            return;
        }

        var aside = made + ".old";
        Directory.Move(place, aside);
        try
        {
            Directory.Move(made, place);
        }
        catch (IOException)
        {
            Directory.Move(aside, place);
            throw;
        }

        Directory.Delete(aside, recursive: true);
    }

    [DllImport("libc", EntryPoint = "renameat2", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameAt2(int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags);
}
