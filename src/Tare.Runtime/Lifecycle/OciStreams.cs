// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Lifecycle;

/// <summary>The standard streams of a process: those of this process, or a terminal of its own.</summary>
internal sealed class OciStreams : IDisposable
{
    private readonly List<Fd> _own = [];

    private OciStreams(Fd input, Fd output) => _own = [input.Duplicate(), output.Duplicate(), output.Duplicate()];

    private OciStreams(Pty? terminal)
    {
        Terminal = terminal;
        for (int number = 0; terminal is null && number < StandardGiven.TerminalMount; number++)
        {
            _own.Add(OwnProcess.TryDuplicateStandard(number)
                ?? HostPath.Open("/dev/null", number == 0 ? OpenFlags.ReadOnly : OpenFlags.WriteOnly));
        }
    }

    /// <summary>Null when the process has no terminal.</summary>
    public Pty? Terminal { get; }

    /// <summary>For the launch: 0, 1, 2 and the mount that the terminal lives in.</summary>
    public Fd?[] Given => Terminal is not null
        ? [Terminal.Peer, Terminal.Peer, Terminal.Peer, Terminal.Mount]
        : [.. _own, null];

    /// <summary>Files instead of them.</summary>
    /// <param name="input">lent</param>
    /// <param name="output">lent; errors go there too</param>
    public static OciStreams Of(Fd input, Fd output) => new(input, output);

    /// <summary>Makes them.</summary>
    /// <param name="spec">whether the process wants a terminal, for whom, and who that is on the host</param>
    /// <param name="plan">how terminals are made</param>
    /// <param name="multiplexer">lent: the ptmx in the terminals of a container that runs; null: a new set of terminals</param>
    public static OciStreams For(Spec spec, LaunchPlan plan, Fd? multiplexer = null)
    {
        const uint Unchanged = uint.MaxValue;
        Process process = spec.Process!;
        if (!process.Terminal)
        {
            return new(null);
        }

        Pty terminal = multiplexer is not null ? Pty.CreateIn(multiplexer)
            : plan.TerminalOptions is { } options ? Pty.Create(options)
            : Pty.Create();
        uint user = process.User?.Uid ?? 0;
        uint owner = spec.Linux?.UidMappings is { Count: > 0 } map ? IdRanges.Find(map, user) ?? 0 : user;
        if (owner != 0)
        {
            terminal.Peer.SetOwner(owner, Unchanged);
        }

        TakeSize(terminal);
        return new(terminal);
    }

    /// <summary>That of the caller's own, before the process can ask for it; a size in the spec comes later and wins.</summary>
    private static void TakeSize(Pty terminal)
    {
        using Fd? input = OwnProcess.TryDuplicateStandard(0);
        if (input is not null && TerminalMode.Size(input) is { } size)
        {
            TerminalMode.Resize(terminal.Master, size);
        }
    }

    /// <summary>Lends the terminal to whoever listens at the socket.</summary>
    /// <exception cref="TareException">nobody does</exception>
    public void SendTo(string socket)
    {
        try
        {
            using Fd directory = HostPath.Open(Path.GetDirectoryName(Path.GetFullPath(socket))!, OpenFlags.Path | OpenFlags.Directory);
            using Fd connection = UnixSocket.TryConnect(directory, Encoding.UTF8.GetBytes(Path.GetFileName(socket)), SocketKind.Stream)
                ?? throw new LinuxException(Errno.ECONNREFUSED, "connect", socket);
            UnixSocket.Send(connection, Encoding.UTF8.GetBytes("/dev/ptmx"), Terminal!.Master);
        }
        catch (LinuxException refused)
        {
            throw new TareException(ErrorKind.Unavailable, $"console socket {socket}: {refused.Message}", null, refused);
        }
    }

    public void Dispose()
    {
        Terminal?.Dispose();
        _own.ForEach(static fd => fd.Dispose());
    }
}
