// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry.Access.Tokens;

/// <summary>What a token gives, or a client asks for: some actions on one thing.</summary>
/// <remarks>distribution docs/spec/auth/scope.md: <c>TYPE:NAME:ACTION,…</c>; names may have colons.</remarks>
/// <param name="Type">repository, registry, or something that we do not know</param>
/// <param name="Name">of the repository; <c>catalog</c></param>
/// <param name="Actions">pull, push, delete, <c>*</c></param>
internal sealed record AccessEntry(string Type, string Name, IReadOnlyList<string> Actions)
{
    public const string Repository = "repository";

    /// <summary>The catalogue, which is asked for with the action <c>*</c>.</summary>
    public static AccessEntry Catalog { get; } = new("registry", "catalog", ["*"]);

    public bool IsCatalog => Type == "registry" && Name == "catalog" && Actions.Contains("*");

    /// <summary>The actions as rights; unknown ones give nothing.</summary>
    public Right Rights => Actions.Aggregate(Right.None, static (rights, action) => rights | action switch
    {
        "pull" => Right.Pull,
        "push" => Right.Push,
        "delete" => Right.Delete,
        "*" => Right.All,
        _ => Right.None,
    });

    /// <summary>Null for what is no scope.</summary>
    public static AccessEntry? TryParse(string scope)
    {
        int first = scope.IndexOf(':', StringComparison.Ordinal);
        int last = scope.LastIndexOf(':');
        return first <= 0 || last <= first
            ? null
            : new(scope[..first], scope[(first + 1)..last], scope[(last + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The actions that rights allow, as words.</summary>
    public static IReadOnlyList<string> Words(Right rights) =>
    [
        .. rights.HasFlag(Right.Pull) ? (ReadOnlySpan<string>)["pull"] : [],
        .. rights.HasFlag(Right.Push) ? (ReadOnlySpan<string>)["push"] : [],
        .. rights.HasFlag(Right.Delete) ? (ReadOnlySpan<string>)["delete"] : [],
    ];

    public override string ToString() => $"{Type}:{Name}:{string.Join(',', Actions)}";
}
