// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>What class of thing went wrong; a closed set that each face maps to its own codes in one table.</summary>
public enum ErrorKind
{
    /// <summary>The named object does not exist.</summary>
    NotFound,

    /// <summary>The name is taken.</summary>
    AlreadyExists,

    /// <summary>What was asked for is malformed or out of range.</summary>
    InvalidArgument,

    /// <summary>The object is in a state that forbids the operation.</summary>
    FailedPrecondition,

    /// <summary>The kernel or a policy refuses.</summary>
    PermissionDenied,

    /// <summary>Credentials are missing or wrong.</summary>
    Unauthenticated,

    /// <summary>The other side cannot be reached now; trying again may help.</summary>
    Unavailable,

    /// <summary>A named bound or a resource of the host is used up.</summary>
    ResourceExhausted,

    /// <summary>Somebody else changed or holds the object.</summary>
    Conflict,

    /// <summary>Bytes are not what their digest, length or format says.</summary>
    Corrupt,

    /// <summary>The caller asked to stop.</summary>
    Cancelled,

    /// <summary>This host or this version cannot do it.</summary>
    NotSupported,

    /// <summary>A defect of ours.</summary>
    Internal,
}
