// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Configuration;

/// <summary>One key of an object in the configuration file.</summary>
/// <typeparam name="T">what the object is read into</typeparam>
/// <param name="Name">as it is spelt in the file</param>
/// <param name="Read">reads the key's value; the tokens stand at its first token and are left at its last</param>
internal sealed record ConfigurationKey<T>(string Name, ReadConfigurationValue<T> Read);
