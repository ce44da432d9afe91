namespace Vigie.Operations.Doctor;

/// <summary>Asks a program that only reports; one that is absent is no failure of the check.</summary>
internal static class DoctorProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>What it answered; null where it is not there or does not end.</summary>
    public static async Task<ProgramRun?> AskAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await SystemProgram.RunAsync(program, arguments, Limit, cancellationToken);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
