// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Layout;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Places;

/// <summary>A layout as a tar in a file that appears whole, durable, or not at all.</summary>
internal sealed class ArchiveOutput : ILayoutOutput
{
    private const uint FileMode = 0b110_100_100;
    private readonly byte[] _name;
    private readonly byte[] _temporary = AtomicFile.TemporaryName();
    private readonly Fd _folder;
    private readonly Fd _file;
    private readonly FdStream _stream;
    private readonly TarOutput _tar;

    public ArchiveOutput(string path)
    {
        string full = OutputPath.Full(path);
        _name = Encoding.UTF8.GetBytes(Path.GetFileName(full));
        _folder = HostPath.OpenDirectory(Path.GetDirectoryName(full) ?? "/");
        try
        {
            _file = _folder.Open(_temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, FileMode);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
        _stream = new FdStream(_file, leaveOpen: true);
        _tar = new TarOutput(_stream);
    }

    public bool Has(string name) => _tar.Has(name);

    public void Write(string name, long size, Stream bytes) => _tar.Write(name, size, bytes);

    public void Finish()
    {
        _tar.Finish();
        _file.Sync();
        _folder.Rename(_temporary, _folder, _name);
        _folder.Sync();
    }

    /// <summary>What is not finished is removed.</summary>
    public void Dispose()
    {
        _tar.Dispose();
        _stream.Dispose();
        _file.Dispose();
        _folder.TryUnlink(_temporary);
        _folder.Dispose();
    }
}
