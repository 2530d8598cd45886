// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Inspect;
using Tare.Oci.Runtime.Reading;

namespace Tare.Engine.Containers.Reading;

/// <summary>Reads what a record has of docker's documents, see <see cref="RecordReader"/>.</summary>
internal static class DocumentReader
{
    /// <summary>The portable settings.</summary>
    public static ConfigDocument ReadConfig(ref FastTokens t)
    {
        string? hostname = null, domainname = null, user = null, image = null, workingDir = null, stopSignal = null;
        bool attachStdin = false, attachStdout = false, attachStderr = false, tty = false, openStdin = false,
            stdinOnce = false;
        IReadOnlyList<string>? env = null, cmd = null, entrypoint = null, onBuild = null;
        IReadOnlyDictionary<string, EmptyDocument>? volumes = null, exposedPorts = null;
        IReadOnlyDictionary<string, string>? labels = null;
        int? stopTimeout = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Hostname"u8, ref seen)) hostname = t.Text();
            else if (t.Is("Domainname"u8, ref seen)) domainname = t.Text();
            else if (t.Is("User"u8, ref seen)) user = t.Text();
            else if (t.Is("AttachStdin"u8, ref seen)) attachStdin = t.Flag();
            else if (t.Is("AttachStdout"u8, ref seen)) attachStdout = t.Flag();
            else if (t.Is("AttachStderr"u8, ref seen)) attachStderr = t.Flag();
            else if (t.Is("Tty"u8, ref seen)) tty = t.Flag();
            else if (t.Is("OpenStdin"u8, ref seen)) openStdin = t.Flag();
            else if (t.Is("StdinOnce"u8, ref seen)) stdinOnce = t.Flag();
            else if (t.Is("Env"u8, ref seen)) env = t.Texts();
            else if (t.Is("Cmd"u8, ref seen)) cmd = t.Texts();
            else if (t.Is("Image"u8, ref seen)) image = t.Text();
            else if (t.Is("Volumes"u8, ref seen)) volumes = t.Map(ReadEmpty);
            else if (t.Is("WorkingDir"u8, ref seen)) workingDir = t.Text();
            else if (t.Is("Entrypoint"u8, ref seen)) entrypoint = t.Texts();
            else if (t.Is("ExposedPorts"u8, ref seen)) exposedPorts = t.Map(ReadEmpty);
            else if (t.Is("OnBuild"u8, ref seen)) onBuild = t.Texts();
            else if (t.Is("Labels"u8, ref seen)) labels = t.TextMap();
            else if (t.Is("StopSignal"u8, ref seen)) stopSignal = t.Text();
            else if (t.Is("StopTimeout"u8, ref seen)) stopTimeout = t.Int32();
            else t.GiveUp();
        }

        return new()
        {
            Hostname = t.Need(hostname),
            Domainname = domainname!,
            User = t.Need(user),
            AttachStdin = attachStdin,
            AttachStdout = attachStdout,
            AttachStderr = attachStderr,
            Tty = tty,
            OpenStdin = openStdin,
            StdinOnce = stdinOnce,
            Env = t.Need(env),
            Cmd = cmd,
            Image = t.Need(image),
            Volumes = volumes,
            WorkingDir = t.Need(workingDir),
            Entrypoint = entrypoint,
            ExposedPorts = exposedPorts,
            OnBuild = onBuild,
            Labels = t.Need(labels),
            StopSignal = stopSignal,
            StopTimeout = stopTimeout,
        };
    }

    /// <summary>A bind or a volume.</summary>
    public static MountDocument ReadMount(ref FastTokens t)
    {
        string? type = null, name = null, source = null, destination = null, driver = null, mode = null,
            propagation = null;
        bool rw = false;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Type"u8, ref seen)) type = t.Text();
            else if (t.Is("Name"u8, ref seen)) name = t.Text();
            else if (t.Is("Source"u8, ref seen)) source = t.Text();
            else if (t.Is("Destination"u8, ref seen)) destination = t.Text();
            else if (t.Is("Driver"u8, ref seen)) driver = t.Text();
            else if (t.Is("Mode"u8, ref seen)) mode = t.Text();
            else if (t.Is("RW"u8, ref seen)) rw = t.Flag();
            else if (t.Is("Propagation"u8, ref seen)) propagation = t.Text();
            else t.GiveUp();
        }

        return new()
        {
            Type = t.Need(type),
            Name = name,
            Source = t.Need(source),
            Destination = t.Need(destination),
            Driver = driver,
            Mode = mode!,
            RW = rw,
            Propagation = propagation!,
        };
    }

    /// <summary>Whose user namespace it is in.</summary>
    public static UserNamespaceDocument ReadUserNamespace(ref FastTokens t)
    {
        string? mode = null, reason = null;
        uint firstId = 0;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Mode"u8, ref seen)) mode = t.Text();
            else if (t.Is("Reason"u8, ref seen)) reason = t.Text();
            else if (t.Is("FirstId"u8, ref seen)) firstId = t.UInt32();
            else t.GiveUp();
        }

        return new(t.Need(mode))
        {
            Reason = reason!,
            FirstId = firstId,
        };
    }

    private static EmptyDocument ReadEmpty(ref FastTokens t)
    {
        t.Object();
        while (t.Member())
        {
            t.GiveUp();
        }

        return EmptyDocument.Instance;
    }
}
