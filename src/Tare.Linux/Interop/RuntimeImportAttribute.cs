// SPDX-License-Identifier: Apache-2.0
#pragma warning disable IDE0130 // the native compiler knows the attribute by this namespace and name
#pragma warning disable CA1019, CA1813, IDE0060 // the compiler reads the arguments from metadata; nothing else does
namespace System.Runtime;

/// <summary>Makes the native compiler emit a plain call to a C function, without any transition of the thread's mode.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeImportAttribute : Attribute
{
    public RuntimeImportAttribute(string library, string entry)
    {
    }
}
