// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Lifecycle;

/// <summary>Hands the notifications of a process's filter to whoever listens at the socket that the spec names.</summary>
/// <param name="filter">of the spec, with a listener's path</param>
/// <remarks>
/// runtime-spec v1.3 config-linux.md#seccomp, seccomp_unotify(2). The filtered process does nothing for it: each of its
/// calls may be one that waits for the listener, or that the filter forbids.
/// </remarks>
internal sealed class SeccompListener(SeccompSpec filter)
{
    private const string Member = "linux.seccomp.listenerPath";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    /// <summary>Null when a spec has no filter that notifies.</summary>
    /// <exception cref="TareException">InvalidArgument: there is no socket at its path</exception>
    public static SeccompListener? Of(Spec spec)
    {
        if (spec.Linux?.Seccomp is not { } filter || !Planning.SeccompTranslation.Notifies(filter))
        {
            return null;
        }

        return HostPath.TryStatus(filter.ListenerPath!)?.Kind == FileKind.Socket
            ? new(filter)
            : throw new TareException(ErrorKind.InvalidArgument, $"{Member}: {filter.ListenerPath} is no socket");
    }

    /// <summary>Takes the descriptor from a process that has told that it loads its filter, and sends it.</summary>
    /// <param name="process">a child of this process</param>
    /// <param name="state">of its container</param>
    /// <returns>false when the process ended instead</returns>
    /// <exception cref="TareException">Unavailable: it cannot be sent</exception>
    public bool Send(Launched process, State state)
    {
        while (process.Shown == 0)
        {
            if (Poll.Wait([new PollEntry(process.Pidfd.Fd, EpollEvents.Readable)], Step))
            {
                return false;
            }
        }

        var message = new ContainerProcessState(state.OciVersion, [ContainerProcessState.SeccompFd], process.Pid, state)
        {
            Metadata = filter.ListenerMetadata is { Length: > 0 } metadata ? metadata : null,
        };
        try
        {
            using Fd notifications = process.Pidfd.TakeDescriptor(process.Shown);
            using Fd connection = Connect();
            UnixSocket.Send(connection, JsonSerializer.SerializeToUtf8Bytes(message, RuntimeJson.Writer.ContainerProcessState), notifications);
            return true;
        }
        catch (LinuxException refused)
        {
            throw new TareException(ErrorKind.Unavailable, $"{Member}: {filter.ListenerPath}: {refused.Message}", null, refused);
        }
    }

    private Fd Connect()
    {
        string path = filter.ListenerPath!;
        using Fd directory = HostPath.Open(Path.GetDirectoryName(path)!, OpenFlags.Path | OpenFlags.Directory);
        return UnixSocket.TryConnect(directory, Encoding.UTF8.GetBytes(Path.GetFileName(path)), SocketKind.Stream)
            ?? throw new LinuxException(Errno.ECONNREFUSED, "connect");
    }
}
