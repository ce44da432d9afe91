using Vigie.Governance;

namespace Vigie.Console;

/// <summary>Says what a page or action needs; without it (or <see cref="OpenToAllAttribute"/>) the <see cref="Gate"/> refuses everybody.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequiresAttribute(Permission permission) : Attribute
{
    public Permission Permission { get; } = permission;
}

/// <summary>Marks what works without login: the login itself, one-time links, assets, health.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OpenToAllAttribute : Attribute;

/// <summary>Marks an endpoint that pages ask by themselves: it keeps no session open that a person has left.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class UnattendedAttribute : Attribute;
