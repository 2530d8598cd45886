// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper.Names;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper.Tests.Names;

/// <summary>A run folder with files of names; gone after the test.</summary>
internal sealed class NameFolder : IDisposable
{
    private readonly string _path = Directory.CreateDirectory($"/dev/shm/tare-names-{Guid.NewGuid():N}").FullName;
    private readonly Fd _fd;

    public NameFolder() => _fd = HostPath.OpenDirectory(_path);

    public Fd Fd => _fd;

    public string Path(string name) => $"{_path}/{name}";

    public string Write(string name, NetworkNames names)
    {
        NameFile.Write(_fd, System.Text.Encoding.ASCII.GetBytes(name), names);
        return Path(name);
    }

    public void Dispose()
    {
        _fd.Dispose();
        Directory.Delete(_path, recursive: true);
    }
}
