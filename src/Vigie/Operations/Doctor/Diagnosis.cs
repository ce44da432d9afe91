using Vigie.Engine;

namespace Vigie.Operations.Doctor;

/// <summary>How grave a diagnosis is.</summary>
internal enum DiagnosisStatus
{
    Ok,

    /// <summary>It works, and somebody should look at it.</summary>
    Warn,

    /// <summary>It does not work, or mail would pass unguarded.</summary>
    Fail,
}

/// <summary>One thing that <c>vigie doctor</c> looked at.</summary>
/// <param name="Name">Stable dotted name, such as <c>postfix.smtpd-milters</c>.</param>
/// <param name="Status">How it is.</param>
/// <param name="Text">What was found.</param>
/// <param name="Remedy">What to do; null where nothing is to be done.</param>
internal sealed record Diagnosis(string Name, DiagnosisStatus Status, Bilingual Text, Bilingual? Remedy = null)
{
    public static Diagnosis Ok(string name, string english, string french) => new(name, DiagnosisStatus.Ok, new Bilingual(english, french));

    public static Diagnosis Warn(string name, Bilingual text, Bilingual remedy) => new(name, DiagnosisStatus.Warn, text, remedy);

    public static Diagnosis Fail(string name, Bilingual text, Bilingual remedy) => new(name, DiagnosisStatus.Fail, text, remedy);
}

/// <summary>What the checks look at.</summary>
/// <param name="Settings">The settings, or the defaults where the file has problems.</param>
/// <param name="SettingsFile">The file; null where there is none.</param>
/// <param name="Problems">What is wrong in the file.</param>
/// <param name="PostfixConfig">Another Postfix than the machine's own: its configuration folder.</param>
/// <param name="Time">The clock.</param>
internal sealed record Patient(Settings Settings, string? SettingsFile, IReadOnlyList<SettingsProblem> Problems, string? PostfixConfig, TimeProvider Time);

/// <summary>One part of what <c>vigie doctor</c> looks at. Findings are its result; it changes nothing.</summary>
internal interface IDoctorCheck
{
    /// <summary>The dotted name its diagnoses begin with.</summary>
    string Name { get; }

    IAsyncEnumerable<Diagnosis> LookAsync(Patient patient, CancellationToken cancellationToken);
}
