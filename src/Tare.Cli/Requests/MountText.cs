// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Output;
using Tare.Engine.Containers;

namespace Tare.Cli.Requests;

/// <summary><c>--mount type=bind,source=/a,target=/b,readonly</c>.</summary>
internal static class MountText
{
    /// <exception cref="FormatException">not a mount</exception>
    public static MountRequest Parse(string text)
    {
        var request = new MountRequest(MountKind.Volume, null, "");
        foreach (string field in text.Split(','))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            string key = (equals < 0 ? field : field[..equals]).ToLowerInvariant();
            request = With(request, field, key, equals < 0 ? null : field[(equals + 1)..]);
        }

        return Checked(request);
    }

    private static MountRequest With(MountRequest request, string field, string key, string? value)
    {
        switch (key)
        {
            case "readonly" or "ro":
                return request with { ReadOnly = Truth(key, value) };
            case "volume-nocopy":
                return request with { NoCopy = Truth(key, value) };
            case "bind-nonrecursive":
                return request with { NonRecursive = Truth(key, value) };
        }

        if (value is null)
        {
            throw new FormatException($"invalid field '{field}' must be a key=value pair");
        }

        return key switch
        {
            "type" => request with { Kind = Kind(value) },
            "source" or "src" => request with { Source = value },
            "target" or "dst" or "destination" => request with { Target = value },
            "bind-propagation" => request with { Propagation = value },
            "bind-recursive" => request with { NonRecursive = value == "disabled" },
            "tmpfs-size" => request with { TmpfsSize = HumanSize.ParseBinary(value) },
            "tmpfs-mode" => request with { TmpfsMode = Octal(value) },
            "consistency" or "volume-label" => request,
            _ => throw new FormatException($"unexpected key '{key}' in '{field}'"),
        };
    }

    private static MountRequest Checked(MountRequest request)
    {
        if (request.Target.Length == 0)
        {
            throw new FormatException("target is required");
        }

        VolumeText.CheckTarget(request.Target);
        return request switch
        {
            { Kind: MountKind.Bind, Source: null or "" } => throw new FormatException("source is required for a bind mount"),
            { Kind: MountKind.Bind } => request with { Source = Path.GetFullPath(request.Source) },
            { Kind: MountKind.Tmpfs, Source: not (null or "") } => throw new FormatException("a tmpfs has no source"),
            { Kind: MountKind.Volume, Source: not (null or "") } => request with { Source = VolumeText.CheckName(request.Source) },
            _ => request with { Source = null },
        };
    }

    private static MountKind Kind(string value) => value.ToLowerInvariant() switch
    {
        "bind" => MountKind.Bind,
        "volume" => MountKind.Volume,
        "tmpfs" => MountKind.Tmpfs,
        _ => throw new FormatException($"mount type unknown: '{value}'"),
    };

    private static bool Truth(string key, string? value) => value switch
    {
        null or "1" or "true" => true,
        "0" or "false" => false,
        _ => throw new FormatException($"invalid value for {key}: {value}"),
    };

    /// <summary>Permission bits in octal, 0 to 07777.</summary>
    internal static uint Octal(string text)
    {
        const int MaxDigits = 5;
        if (text.Length is 0 or > MaxDigits || text.AsSpan().ContainsAnyExceptInRange('0', '7'))
        {
            throw new FormatException($"invalid mode: {text}");
        }

        uint mode = Convert.ToUInt32(text, 8);
        return mode <= 0xfff ? mode : throw new FormatException($"invalid mode: {text}");
    }
}
