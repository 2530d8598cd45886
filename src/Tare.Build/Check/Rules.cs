// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Check;

/// <summary>All rules.</summary>
internal static class Rules
{
    public static readonly Rule StageNameCasing = new("StageNameCasing", "Stage names should be lowercase");

    public static readonly Rule FromAsCasing = new(
        "FromAsCasing", "The 'as' keyword should match the case of the 'from' keyword");

    public static readonly Rule NoEmptyContinuation = new(
        "NoEmptyContinuation", "Empty continuation lines will become errors in a future release");

    public static readonly Rule ConsistentInstructionCasing = new(
        "ConsistentInstructionCasing",
        "All commands within the Dockerfile should use the same casing (either upper or lower)");

    public static readonly Rule DuplicateStageName = new("DuplicateStageName", "Stage names should be unique");

    public static readonly Rule ReservedStageName = new(
        "ReservedStageName", "Reserved words should not be used as stage names");

    public static readonly Rule JsonArgsRecommended = new(
        "JSONArgsRecommended",
        "JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals");

    public static readonly Rule MaintainerDeprecated = new(
        "MaintainerDeprecated",
        "The MAINTAINER instruction is deprecated, use a label instead to define an image author");

    public static readonly Rule UndefinedArgInFrom = new("UndefinedArgInFrom", "FROM command must use declared ARGs");

    public static readonly Rule WorkdirRelativePath = new(
        "WorkdirRelativePath",
        "Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes");

    public static readonly Rule UndefinedVar = new("UndefinedVar", "Variables should be defined before their use");

    public static readonly Rule MultipleInstructionsDisallowed = new(
        "MultipleInstructionsDisallowed",
        "Multiple instructions of the same type should not be used in the same stage");

    public static readonly Rule LegacyKeyValueFormat = new(
        "LegacyKeyValueFormat", "Legacy key/value format with whitespace separator should not be used");

    public static readonly Rule InvalidBaseImagePlatform = new(
        "InvalidBaseImagePlatform", "Base image platform does not match expected target platform");

    public static readonly Rule RedundantTargetPlatform = new(
        "RedundantTargetPlatform",
        "Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior");

    public static readonly Rule SecretsUsedInArgOrEnv = new(
        "SecretsUsedInArgOrEnv", "Sensitive data should not be used in the ARG or ENV commands");

    public static readonly Rule InvalidDefaultArgInFrom = new(
        "InvalidDefaultArgInFrom", "Default value for global ARG results in an empty or invalid base image name");

    public static readonly Rule FromPlatformFlagConstDisallowed = new(
        "FromPlatformFlagConstDisallowed", "FROM --platform flag should not use a constant value");

    public static readonly Rule CopyIgnoredFile = new(
        "CopyIgnoredFile", "Attempting to Copy file that is excluded by .dockerignore");

    public static readonly Rule InvalidDefinitionDescription = new(
        "InvalidDefinitionDescription",
        "Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. If this is not intended to be a description comment, add an empty line or comment between the instruction and the comment.")
    {
        IsExperimental = true,
    };

    public static readonly Rule ExposeProtoCasing = new(
        "ExposeProtoCasing", "Protocol in EXPOSE instruction should be lowercase");

    public static readonly Rule ExposeInvalidFormat = new(
        "ExposeInvalidFormat",
        "IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        StageNameCasing, FromAsCasing, NoEmptyContinuation, ConsistentInstructionCasing, DuplicateStageName,
        ReservedStageName, JsonArgsRecommended, MaintainerDeprecated, UndefinedArgInFrom, WorkdirRelativePath,
        UndefinedVar, MultipleInstructionsDisallowed, LegacyKeyValueFormat, InvalidBaseImagePlatform,
        RedundantTargetPlatform, SecretsUsedInArgOrEnv, InvalidDefaultArgInFrom, FromPlatformFlagConstDisallowed,
        CopyIgnoredFile, InvalidDefinitionDescription, ExposeProtoCasing, ExposeInvalidFormat,
    ];
}
