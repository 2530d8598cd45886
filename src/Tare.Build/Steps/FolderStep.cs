// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Steps;

/// <summary>WORKDIR: makes a folder that is not there.</summary>
internal static class FolderStep
{
    private const uint Mode = 0b111_101_101;

    public static string Key(SolveContext context, MakeFolderOperation operation, VertexResult.Layered root) =>
        StepKey.Of(operation, context.Time, writer => writer.Add(root.Identity));

    /// <returns>null: the folder was there</returns>
    public static StoredLayer? Run(SolveContext context, MakeFolderOperation operation, VertexResult.Layered root, CancellationToken ct)
    {
        byte[] path = Encoding.UTF8.GetBytes(operation.Path);
        return LayerStep.Run(context, root, tree =>
        {
            using Fd? there = tree.TryResolve(path, OpenFlags.Path);
            if (there is not null)
            {
                return there.Status().IsDirectory
                    ? false
                    : throw new TareException(ErrorKind.InvalidArgument, $"cannot mkdir {operation.Path}: not a directory");
            }

            (uint uid, uint gid) = operation.User is { } user ? Owners.OfUser(tree, user) : (0, 0);
            tree.MakeDirectories(path, Mode, uid, gid).Dispose();
            return true;
        }, ct);
    }
}
