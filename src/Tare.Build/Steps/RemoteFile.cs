// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Attest;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Build.Sources;
using Tare.Images.Building;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Steps;

/// <summary>ADD of a URL: one file, fetched once for a build and only when somebody needs it.</summary>
/// <param name="context">of the build</param>
/// <param name="vertex">that wants it</param>
/// <param name="operation">where it is</param>
internal sealed class RemoteFile(SolveContext context, VertexId vertex, RemoteFileOperation operation) : IDisposable
{
    private const uint Mode = 0b110_000_000;

    private readonly Lock _gate = new();
    private StepFolder? _folder;

    public InputTree Open(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_folder is null)
            {
                var folder = StepFolder.Make(context.Store);
                try
                {
                    Fetch(folder.Folder, ct);
                }
                catch
                {
                    folder.Dispose();
                    throw;
                }

                _folder = folder;
            }

            return new InputTree(Root.From(_folder.Folder.Duplicate()), null, IsContext: false);
        }
    }

    public void Dispose() => _folder?.Dispose();

    private void Fetch(Fd folder, CancellationToken ct)
    {
        byte[] name = Encoding.UTF8.GetBytes(operation.FileName);
        Digest digest = WebFile.FetchAsync(
            operation.Url, operation.Checksum,
            () => folder.Open(name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, Mode), ct).GetAwaiter().GetResult();
        context.Used(vertex, Material.OfFile(operation.Url, digest));
        using Fd file = folder.Open(name, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        file.SetMode(Mode);
        file.SetTimes(context.Time.FileTime, context.Time.FileTime);
    }
}
