// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>The hooks of a config.</summary>
/// <remarks>runtime-spec v1.3 config.md#posix-platform-hooks</remarks>
internal static class HookCheck
{
    public static void Check(Hooks? hooks)
    {
        Check("prestart", hooks?.Prestart);
        Check("createRuntime", hooks?.CreateRuntime);
        Check("createContainer", hooks?.CreateContainer);
        Check("startContainer", hooks?.StartContainer);
        Check("poststart", hooks?.Poststart);
        Check("poststop", hooks?.Poststop);
    }

    private static void Check(string kind, IReadOnlyList<Hook>? hooks)
    {
        for (int i = 0; i < hooks?.Count; i++)
        {
            string at = $"hooks.{kind}[{i}]";
            SpecFault.WantAbsolute($"{at}.path", hooks[i].Path);
            SpecFault.WantEnvironment($"{at}.env", hooks[i].Env);
            if (hooks[i].Timeout is <= 0)
            {
                throw SpecFault.At($"{at}.timeout", $"want seconds above 0, is {hooks[i].Timeout}");
            }
        }
    }
}
