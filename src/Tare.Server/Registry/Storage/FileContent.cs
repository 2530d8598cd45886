// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Server.Registry.Storage;

/// <summary>A blob that is a file.</summary>
/// <param name="file">owned</param>
internal sealed class FileContent(Fd file) : IBlobContent
{
    public long Size { get; } = file.Status().Size;

    /// <summary>Lent, for whoever wants to link it.</summary>
    public Fd File => file;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long at, CancellationToken ct) =>
        ValueTask.FromResult(file.ReadAt(buffer.Span, at));

    public void Dispose() => file.Dispose();
}
