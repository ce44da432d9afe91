namespace Vigie.Engine.Incidents;

/// <summary>Something two findings can have in common that makes it likelier that they belong to one incident.</summary>
/// <param name="Kind">One of <see cref="Findings.EntityKinds"/> or of <see cref="LinkKinds"/>.</param>
/// <param name="Value">The normalized value.</param>
public readonly record struct LinkKey(string Kind, string Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind}={Value}";
}

/// <summary>Kinds of <see cref="LinkKey"/> beyond those of entities: what follows from entities.</summary>
public static class LinkKinds
{
    /// <summary>A person's account by its bare name: what <c>MIN\awa</c>, <c>awa@host</c> and the mailbox <c>awa@</c> of an own domain share.</summary>
    public const string Account = "account";

    /// <summary>A domain that imitates a guarded name: nobody's place of work, so that even many who meet it meet the same thing.</summary>
    public const string Lookalike = "lookalike";

    /// <summary>The guarded name a domain imitates: two look-alikes of one name.</summary>
    public const string Imitates = "imitates";

    /// <summary>A file that an account was sent or ran, <c>hash@account</c>: the strongest hash that is known of it.</summary>
    public const string FileOfAccount = "file-of-account";

    /// <summary>An account on a host, <c>account@host</c>: stronger than either.</summary>
    public const string AccountOnHost = "account-on-host";
}
