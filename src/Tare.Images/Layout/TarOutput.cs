// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Layers;

namespace Tare.Images.Layout;

/// <summary>A layout as one tar, the same bytes for the same content: no times, owners 0, folders before their files.</summary>
internal sealed class TarOutput : ILayoutOutput
{
    private const int BufferBytes = 256 * 1024;
    private const uint FolderMode = 0b111_101_101;
    private const uint FileMode = 0b110_100_100;
    private readonly BufferedStream _stream;
    private readonly TarWriter _tar;
    private readonly HashSet<string> _written = [];

    /// <param name="stream">lent; only written forward</param>
    public TarOutput(Stream stream)
    {
        _stream = new BufferedStream(new LentStream(stream), BufferBytes);
        _tar = new TarWriter(_stream);
    }

    public bool Has(string name) => _written.Contains(name);

    public void Write(string name, long size, Stream bytes)
    {
        for (int slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
        {
            string folder = name[..(slash + 1)];
            if (_written.Add(folder))
            {
                _tar.Begin(new TarItem { Type = TarType.Directory, Name = Encoding.UTF8.GetBytes(folder), Mode = FolderMode });
            }
        }
        _written.Add(name);
        _tar.Begin(new TarItem { Name = Encoding.UTF8.GetBytes(name), Mode = FileMode, Size = size });
        byte[] buffer = new byte[BufferBytes];
        int n;
        while ((n = bytes.Read(buffer)) > 0)
        {
            _tar.Write(buffer.AsSpan(0, n));
        }
    }

    public void Finish()
    {
        _tar.End();
        _stream.Flush();
    }

    /// <summary>The stream below is lent: it stays open.</summary>
    public void Dispose() => _stream.Dispose();
}
