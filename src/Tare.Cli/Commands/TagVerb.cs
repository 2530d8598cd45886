// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare tag</c>.</summary>
internal static class TagVerb
{
    public static Verb Create() =>
        new("Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE", "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]", Act)
        {
            MinOperands = 2,
            MaxOperands = 2,
            Completes = Candidates.Images,
            Examples = [("tare tag app:1 registry.example/app:1", "one more name for the same image")],
        };

    private static int Act(Session session, ParsedArguments arguments)
    {
        Reference target = Reference.Parse(arguments.Operands[1]);
        using ImageStore images = session.OpenImages();
        images.Tag(arguments.Operands[0], target);
        return 0;
    }
}
