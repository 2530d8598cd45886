// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Dockerfile;

internal sealed partial class InstructionParser
{
    private RunInstruction Run(InstructionLine line)
    {
        FlagSet flags = new(source, line, "mount*", "network", "security", "device*");
        if (line.Rest.Length == 0)
        {
            throw SourceError.At(source, line.Head.Range, "RUN requires at least one argument");
        }

        IReadOnlyList<Word> mounts = flags.Words("mount");
        foreach (Word mount in mounts)
        {
            MountOption.Check(source, mount);
        }

        return new RunInstruction(line.Head, CommandOf(line.Rest))
        {
            Heredocs = line.Heredocs,
            Mounts = mounts,
            Network = Choice(
                flags.Word("network"), "network",
                ("default", RunNetwork.Default), ("none", RunNetwork.None), ("host", RunNetwork.Host)),
            Security = Choice(
                flags.Word("security"), "security mode",
                ("sandbox", RunSecurity.Sandbox), ("insecure", RunSecurity.Insecure)),
            Devices = [.. flags.Words("device").Select(Device)],
        };
    }

    private T Choice<T>(Word? value, string noun, params (string Name, T Value)[] known)
    {
        if (value is not { } word)
        {
            return known[0].Value;
        }

        foreach ((string name, T one) in known)
        {
            if (name == word.Text)
            {
                return one;
            }
        }

        string[] names = [.. known.Select(static one => one.Name)];
        throw SourceError.At(
            source, word.Range, $"unsupported {noun} {Quoted.Text(word.Text)}",
            SourceError.DidYouMean(word.Text, names) ?? "it is one of " + string.Join(", ", names));
    }

    private RunDevice Device(Word word)
    {
        string? name = null;
        bool isRequired = false;
        foreach (string field in CsvFields.Read(word.Text))
        {
            int equals = field.IndexOf('=');
            string key = (equals < 0 ? field : field[..equals]).ToLowerInvariant();
            string? value = equals < 0 ? null : field[(equals + 1)..];
            switch (key)
            {
                case "name" when value is not null && name is null:
                    name = value;
                    break;
                case "required" when MountOption.TrySwitch(value, out bool truth):
                    isRequired = truth;
                    break;
                case not ("name" or "required") when name is null:
                    name = field;
                    break;
                default:
                    throw SourceError.At(
                        source, word.Range, $"unexpected {Quoted.Text(field)} in --device", "write --device=NAME,required");
            }
        }

        return new RunDevice(
            name ?? throw SourceError.At(source, word.Range, "--device has no name"), isRequired);
    }
}
