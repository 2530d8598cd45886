// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Who has which address of a network: a symbolic link, named as the address, to the run folder of the container.</summary>
/// <remarks>
/// A claim whose run folder is gone is nobody's: an address is free as soon as its container is. Whoever takes addresses holds
/// the network's lock, so that <c>network rm</c> sees either the claim or no network.
/// </remarks>
internal sealed class AddressClaims : IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;
    private const int MaxNames = 1 << 17;
    private readonly EngineFolders _folders;
    private readonly string _network;
    private readonly Fd _folder;
    private readonly FileLock _lock;

    private AddressClaims(EngineFolders folders, string network, Fd folder, FileLock alone) =>
        (_folders, _network, _folder, _lock) = (folders, network, folder, alone);

    private static ReadOnlySpan<byte> LockName => "lock"u8;

    /// <summary>Opens those of a network, and holds its lock.</summary>
    public static AddressClaims Open(EngineFolders folders, string network)
    {
        while (true)
        {
            Fd folder = HostPath.MakeDirectories(FolderOf(folders, network), OwnerOnly);
            try
            {
                FileLock alone = FileLock.Take(folder, LockName);
                if (alone.IsStillNamed(folder, LockName))
                {
                    return new(folders, network, folder, alone);
                }

                alone.Dispose();
            }
            catch (LinuxException gone) when (gone.Errno == Errno.ENOENT)
            {
                // the network was removed just now; the caller finds out
            }

            folder.Dispose();
        }
    }

    /// <summary>As <see cref="Open"/>; null when there is no such folder.</summary>
    public static AddressClaims? TryOpen(EngineFolders folders, string network) =>
        HostPath.TryStatus(FolderOf(folders, network)) is null ? null : Open(folders, network);

    /// <summary>What a running store keeps of a network.</summary>
    public static string FolderOf(EngineFolders folders, string network) => $"{folders.Run}/networks/{network}";

    /// <summary>The folder itself. Lent.</summary>
    public Fd Folder => _folder;

    /// <summary>Claims an address.</summary>
    /// <param name="row">the network</param>
    /// <param name="subnet">of the network</param>
    /// <param name="wanted">null: the next that is free</param>
    /// <param name="container">who claims it</param>
    /// <exception cref="TareException">InvalidArgument, Conflict, ResourceExhausted</exception>
    public IPAddress Take(NetworkRow row, Subnet subnet, IPAddress? wanted, string container)
    {
        string owner = _folders.LivePath(container);
        if (wanted is not null)
        {
            return TakeWanted(subnet, wanted, owner);
        }

        var taken = _folder.SortedNames(MaxNames).Select(static name => Encoding.ASCII.GetString(name)).ToHashSet(StringComparer.Ordinal);
        foreach (IPAddress address in subnet.Free(address => taken.Contains(address.ToString()) && !IsStale(address)))
        {
            if (TryTake(address, owner))
            {
                return address;
            }
        }

        throw new TareException(
            ErrorKind.ResourceExhausted,
            $"no available {(subnet.Family == AddressFamily.InterNetwork ? "IPv4" : "IPv6")} addresses on this network's address pools: {row.Name} ({row.Id})",
            "end containers on it, or make a network with a larger --subnet");
    }

    public void Release(IPAddress address, string container)
    {
        byte[] name = Name(address);
        if (TryOwner(_folder, name) == _folders.LivePath(container))
        {
            _folder.TryUnlink(name);
        }
    }

    /// <summary>Those of one container, whether it is there or not.</summary>
    public List<IPAddress> Of(string container)
    {
        string owner = _folders.LivePath(container);
        return [.. _folder.SortedNames(MaxNames).Where(name => TryOwner(_folder, name) == owner).Select(static name => IPAddress.Parse(Encoding.ASCII.GetString(name)))];
    }

    /// <summary>Of the containers that are there: address and id.</summary>
    public List<(IPAddress Address, string Container)> List()
    {
        string ours = _folders.LivePath("");
        List<(IPAddress, string)> found = [];
        foreach (byte[] name in _folder.SortedNames(MaxNames))
        {
            if (IPAddress.TryParse(Encoding.ASCII.GetString(name), out IPAddress? address)
                && TryOwner(_folder, name) is { } owner && owner.StartsWith(ours, StringComparison.Ordinal) && HostPath.TryStatus(owner) is not null)
            {
                found.Add((address, owner[ours.Length..]));
            }
        }

        return found;
    }

    /// <summary>Addresses that a network's containers claimed and that are nobody's now. Takes no lock.</summary>
    public static List<string> Stale(EngineFolders folders, string network)
    {
        using Fd? folder = HostPath.TryOpen(FolderOf(folders, network), OpenFlags.ReadOnly | OpenFlags.Directory);
        return [.. (folder?.SortedNames(MaxNames) ?? [])
            .Where(name => TryOwner(folder!, name) is { } owner && HostPath.TryStatus(owner) is null)
            .Select(Encoding.ASCII.GetString)];
    }

    /// <summary>Takes those away.</summary>
    public void RemoveStale() => Stale(_folders, _network).ForEach(name => _folder.TryUnlink(Encoding.ASCII.GetBytes(name)));

    /// <summary>The network is gone: so is the folder.</summary>
    public void RemoveFolder()
    {
        using Fd parent = HostPath.OpenDirectory($"{_folders.Run}/networks");
        FileTree.Remove(parent, Encoding.ASCII.GetBytes(_network));
    }

    public void Dispose()
    {
        _lock.Dispose();
        _folder.Dispose();
    }

    private IPAddress TakeWanted(Subnet subnet, IPAddress wanted, string owner)
    {
        if (!subnet.Network.Contains(wanted))
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                $"invalid endpoint settings: no configured subnet contains IP address {wanted}",
                $"the network's subnet is {subnet.Network}");
        }

        if (!subnet.IsUsable(wanted) || (!TryTake(wanted, owner) && !(IsStale(wanted) && TryTake(wanted, owner))))
        {
            throw new TareException(ErrorKind.Conflict, $"Address already in use: {wanted}", "choose another --ip, or none");
        }

        return wanted;
    }

    /// <summary>True also takes it away.</summary>
    private bool IsStale(IPAddress address)
    {
        byte[] name = Name(address);
        if (TryOwner(_folder, name) is { } owner && HostPath.TryStatus(owner) is not null)
        {
            return false;
        }

        _folder.TryUnlink(name);
        return true;
    }

    private bool TryTake(IPAddress address, string owner)
    {
        try
        {
            _folder.MakeSymlink(Name(address), Encoding.UTF8.GetBytes(owner));
            return true;
        }
        catch (LinuxException taken) when (taken.Errno == Errno.EEXIST)
        {
            return false;
        }
    }

    private static string? TryOwner(Fd folder, byte[] name)
    {
        try
        {
            return Encoding.UTF8.GetString(folder.ReadLink(name));
        }
        catch (LinuxException gone) when (gone.Errno is Errno.ENOENT or Errno.EINVAL)
        {
            return null;
        }
    }

    private static byte[] Name(IPAddress address) => Encoding.ASCII.GetBytes(address.ToString());
}
