// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class StateVerb
{
    public static OciVerb Create() => new("Print what is true of a container, as JSON", "CONTAINER", Act)
    {
        MinOperands = 1,
        MaxOperands = 1,
    };

    private static int Act(OciCall call)
    {
        using OciContainer container = OciContainer.Open(call.Root, call.Operands[0], toChange: false);
        using Stream output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, new() { Indented = true }))
        {
            StateDocument.Write(writer, container);
        }

        output.WriteByte((byte)'\n');
        return 0;
    }
}
