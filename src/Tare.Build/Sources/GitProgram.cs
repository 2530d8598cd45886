// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>The host's <c>git</c>, which everything about repositories is left to, as BuildKit does.</summary>
/// <remarks>It is only run on the host's own files, with <see cref="GitEnvironment"/>; what a remote or a Dockerfile says
/// stands behind <c>--</c>.</remarks>
internal sealed class GitProgram(SourceSettings settings)
{
    public const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const int MaxOutput = 32 << 20;
    private const int MaxComplaint = 1 << 20;
    private const int Terminate = 15;

    /// <summary>Bytes of its own: a remote decides how long a list or a delta is that git wants to have in memory.</summary>
    private const ulong MaxMemory = 2UL << 30;

    /// <summary>True when the host has one.</summary>
    public bool IsThere
    {
        get
        {
            using Fd? program = TryOpen();
            return program is not null;
        }
    }

    /// <summary>Runs it to its end and answers what it prints.</summary>
    /// <param name="call">where, for whom, with which index</param>
    /// <param name="ct">ends it</param>
    /// <param name="arguments">behind the program's name</param>
    /// <exception cref="GitFailure">it failed</exception>
    /// <exception cref="TareException">NotFound: there is none; ResourceExhausted, Unavailable: it took more than the limits allow</exception>
    public string Run(GitCall call, CancellationToken ct, params ReadOnlySpan<string> arguments)
    {
        ct.ThrowIfCancellationRequested();
        using Fd program = TryOpen() ?? throw new TareException(
            ErrorKind.NotFound, "this host has no git, which is needed to read a repository",
            "install it (apt install git), or fetch the repository yourself and name the folder");
        using Fd nothing = HostPath.Open("/dev/null", OpenFlags.ReadOnly);
        using var output = new Pipe();
        using var error = new Pipe();
        using Spawned git = Spawn.Start(new SpawnOptions
        {
            Executable = program,
            Arguments = ["git", .. call.Flags, .. arguments],
            Environment = [.. GitEnvironment.Of(settings, call.Remote, call.ReadsLocal), .. call.Variables],
            Descriptors = [nothing, output.Writer, error.Writer],
            NewSession = true,
        });
        output.Writer.Dispose();
        error.Writer.Dispose();
        using GitWatch? watch = call.Remote is null && call.Watched is [] ? null : new GitWatch(call, settings.Limits, git);
        Rlimit.Restrict(git.Pid, Rlimit.Data, MaxMemory);
        using CancellationTokenRegistration stop = ct.Register(() => git.Pidfd.TrySend(Terminate));
        Task<string> complaint = Task.Run(() => Drain(error.Reader, MaxComplaint), CancellationToken.None);
        string text = Drain(output.Reader, MaxOutput);
        string said = complaint.GetAwaiter().GetResult();
        watch?.Dispose();
        int code = git.Pidfd.Wait().ShellCode;
        ct.ThrowIfCancellationRequested();
        if (watch?.Verdict is { } verdict)
        {
            throw GitFailure.Ended(arguments[0], call.Remote, verdict);
        }

        return code == 0 ? text : throw GitFailure.Of(arguments[0], call.Remote, said, code);
    }

    /// <summary>Reads to the end, so that the writer never waits; keeps the first part.</summary>
    private static string Drain(Fd reader, int maxBytes)
    {
        using var kept = new MemoryStream();
        byte[] buffer = new byte[16 << 10];
        int read;
        while ((read = reader.Read(buffer)) > 0)
        {
            kept.Write(buffer, 0, (int)Math.Min(read, maxBytes - kept.Length));
        }

        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }

    private Fd? TryOpen()
    {
        foreach (string folder in (settings.Variable("PATH") ?? DefaultPath).Split(':').Where(static folder => folder.StartsWith('/')))
        {
            if (HostPath.TryStatus($"{folder}/git") is { IsRegular: true } status && (status.Mode & 0b001_001_001) != 0)
            {
                return HostPath.TryOpen($"{folder}/git", OpenFlags.Path);
            }
        }

        return null;
    }
}
