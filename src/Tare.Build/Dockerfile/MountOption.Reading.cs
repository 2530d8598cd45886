// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;

namespace Tare.Build.Dockerfile;

internal sealed partial record MountOption
{
    private static readonly string[] Keys =
    [
        "type", "from", "source", "src", "target", "dst", "destination", "readonly", "ro", "readwrite", "rw", "id",
        "sharing", "required", "size", "mode", "uid", "gid", "env",
    ];

    /// <summary>Checks what can be checked before variables are known: the form, and that <c>from</c> has none.</summary>
    /// <exception cref="TareException">InvalidArgument with its place</exception>
    public static void Check(SourceText source, Word written)
    {
        foreach (string field in Fields(source, written))
        {
            int dollar = field.IndexOf('$');
            if (field.StartsWith("from=", StringComparison.OrdinalIgnoreCase) && dollar >= 0 && dollar + 1 < field.Length)
            {
                throw SourceError.At(
                    source, written.Range, "'from' doesn't support variable expansion",
                    "define a stage with FROM and name that");
            }
        }
    }

    /// <summary>Reads the option.</summary>
    /// <param name="source">the text that it stands in</param>
    /// <param name="written">the value and where it stands</param>
    /// <param name="expand">replaces variables in each value</param>
    /// <exception cref="TareException">InvalidArgument with its place</exception>
    public static MountOption Read(SourceText source, Word written, Func<string, string> expand)
    {
        MountOption mount = new(MountKind.Bind);
        bool? isReadOnly = null;
        foreach (string field in Fields(source, written))
        {
            int equals = field.IndexOf('=');
            string key = (equals < 0 ? field : field[..equals]).ToLowerInvariant();
            string? value = equals < 0 ? null : expand(field[(equals + 1)..]);
            if (key is "readonly" or "ro" or "readwrite" or "rw")
            {
                bool truth = TrySwitch(value, out bool given) ? given : throw Invalid(source, written, key, value!);
                isReadOnly = key is "readonly" or "ro" ? truth : !truth;
                continue;
            }

            mount = mount.With(source, written, key, value);
        }

        mount = mount with { IsReadOnly = isReadOnly ?? mount.Kind is MountKind.Bind or MountKind.Secret or MountKind.Ssh };
        return mount.Contradiction() is { } reason ? throw SourceError.At(source, written.Range, reason) : mount;
    }

    /// <summary>Nothing is true; otherwise as Go's ParseBool.</summary>
    public static bool TrySwitch(string? value, out bool truth)
    {
        bool? said = value is null ? true : GoBoolean.Parse(value);
        truth = said == true;
        return said is not null;
    }

    private static IReadOnlyList<string> Fields(SourceText source, Word written)
    {
        try
        {
            return CsvFields.Read(written.Text);
        }
        catch (FormatException malformed)
        {
            throw SourceError.At(source, written.Range, $"--mount: {malformed.Message}");
        }
    }

    private MountOption With(SourceText source, Word written, string key, string? value)
    {
        if (value is null && key != "required")
        {
            throw SourceError.At(
                source, written.Range, $"--mount: {Quoted.Text(key)} must be key=value",
                SourceError.DidYouMean(key, Keys));
        }

        return key switch
        {
            "type" => this with { Kind = KindOf(source, written, value!) },
            "from" => this with { From = value is "" ? null : value },
            "source" or "src" => this with { Source = value! },
            "target" or "dst" or "destination" => this with { Target = value! },
            "required" when Kind is MountKind.Secret or MountKind.Ssh => this with
            {
                IsRequired = TrySwitch(value, out bool truth) ? truth : throw Invalid(source, written, key, value!),
            },
            "size" when Kind == MountKind.Tmpfs => this with
            {
                Size = Bytes(value!) ?? throw Invalid(source, written, key, value!),
            },
            "id" => this with { Id = value },
            "sharing" => this with { Sharing = SharingOf(source, written, value!), HasSharing = true },
            "mode" => this with { Mode = Number(source, written, key, value!, 8) },
            "uid" => this with { Uid = Number(source, written, key, value!, 10) },
            "gid" => this with { Gid = Number(source, written, key, value!, 10) },
            "env" => this with { Variable = value },
            "required" or "size" => throw SourceError.At(
                source, written.Range, $"unexpected key '{key}' for mount type '{NameOf(Kind)}'"),
            _ => throw SourceError.At(
                source, written.Range, $"--mount: unexpected key {Quoted.Text(key)}", SourceError.DidYouMean(key, Keys)),
        };
    }

    private bool HasSharing { get; init; }

    private string? Contradiction()
    {
        bool ownsFiles = Kind is MountKind.Secret or MountKind.Ssh or MountKind.Cache;
        string name = NameOf(Kind);
        return Mode is not null && !ownsFiles ? $"mode not allowed for {name} type mounts"
            : Uid is not null && !ownsFiles ? $"uid not allowed for {name} type mounts"
            : Gid is not null && !ownsFiles ? $"gid not allowed for {name} type mounts"
            : HasSharing && Kind != MountKind.Cache ? $"invalid cache sharing set for {name} mount"
            : Variable is not null && Kind != MountKind.Secret ? $"env not allowed for {name} type mounts"
            : Kind != MountKind.Secret ? null
            : From is not null ? "secret mount should not have a from"
            : Source.Length == 0 && Target.Length == 0 && string.IsNullOrEmpty(Id) ? "invalid secret mount: one of id, source, target is required"
            : Source.Length > 0 && Id is { Length: > 0 } ? "a secret mount has id or source, not both"
            : null;
    }

    private static string NameOf(MountKind kind) => kind switch
    {
        MountKind.Bind => "bind",
        MountKind.Cache => "cache",
        MountKind.Tmpfs => "tmpfs",
        MountKind.Secret => "secret",
        _ => "ssh",
    };

    private static MountKind KindOf(SourceText source, Word written, string value)
    {
        foreach (MountKind kind in Enum.GetValues<MountKind>())
        {
            if (NameOf(kind).Equals(value, StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        throw SourceError.At(
            source, written.Range, $"unsupported mount type {Quoted.Text(value)}",
            SourceError.DidYouMean(value.ToLowerInvariant(), Enum.GetValues<MountKind>().Select(NameOf)));
    }

    private static CacheSharing SharingOf(SourceText source, Word written, string value) =>
        value.ToLowerInvariant() switch
        {
            "shared" => CacheSharing.Shared,
            "private" => CacheSharing.Private,
            "locked" => CacheSharing.Locked,
            string other => throw SourceError.At(
                source, written.Range, $"unsupported sharing value {Quoted.Text(value)}",
                SourceError.DidYouMean(other, ["shared", "private", "locked"])),
        };

    private static uint Number(SourceText source, Word written, string key, string value, int radix)
    {
        bool isNumber = value.Length is > 0 and <= 11 && value.All(c => c >= '0' && c < '0' + radix);
        ulong number = isNumber ? Convert.ToUInt64(value, radix) : ulong.MaxValue;
        return number <= uint.MaxValue ? (uint)number : throw Invalid(source, written, key, value);
    }

    /// <summary>Such as <c>64m</c>, <c>1.5GiB</c>; powers of 1024.</summary>
    private static long? Bytes(string text)
    {
        int digits = text.Length - text.AsSpan().TrimStart("0123456789.").Length;
        int power = text[digits..].Trim().ToLowerInvariant() switch
        {
            "" or "b" => 0,
            "k" or "kb" or "kib" => 1,
            "m" or "mb" or "mib" => 2,
            "g" or "gb" or "gib" => 3,
            "t" or "tb" or "tib" => 4,
            _ => -1,
        };
        return power >= 0
            && double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number * Math.Pow(1024, power) < long.MaxValue
            ? (long)(number * Math.Pow(1024, power)) : null;
    }

    private static TareException Invalid(SourceText source, Word written, string key, string value) =>
        SourceError.At(source, written.Range, $"--mount: invalid value for {key}: {Quoted.Text(value)}");
}
