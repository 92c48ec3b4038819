// swift-tools-version: 6.2
import PackageDescription

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

// The imports a target may have are the law of Documentation/Architecture.md;
// Tests/ArchitectureTests holds this list and the sources against it.
let package = Package(
  name: "Interphase",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "interphase", targets: ["interphase"]),
    .library(
      name: "InterphaseKit",
      targets: [
        "Atomistics", "FileFormats", "Thermodynamics", "Potentials", "Dynamics", "Interfaces",
        "Analysis", "Report", "Sockets", "Engines", "Workflows",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // System libraries and thin shims.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSpglib", pkgConfig: "spglib", providers: [.apt(["libsymspg-dev"])]),
    .target(name: "CGemmi"),
    .target(name: "CKernels", exclude: ["README.md"]),

    .target(name: "Atomistics", dependencies: ["CSpglib"], exclude: ["README.md"]),
    .target(
      name: "FileFormats", dependencies: ["Atomistics", "CGemmi", "CZlib", "CCrypto"],
      exclude: ["README.md"]),
    .target(
      name: "Thermodynamics", dependencies: ["Atomistics"],
      exclude: ["README.md"]),
    .target(
      name: "Potentials", dependencies: ["Atomistics", "CKernels"],
      exclude: ["README.md"]),
    .target(
      name: "Dynamics", dependencies: ["Atomistics", "Potentials"],
      exclude: ["README.md"]),
    .target(
      name: "Interfaces", dependencies: ["Atomistics"],
      exclude: ["README.md"]),
    .target(
      name: "Analysis", dependencies: ["Atomistics"],
      exclude: ["README.md"]),
    .target(name: "Report", exclude: ["README.md"]),
    .target(
      name: "Sockets", dependencies: ["Atomistics", "Potentials"],
      exclude: ["README.md"]),
    .target(
      name: "Engines", dependencies: ["Atomistics", "FileFormats", "Potentials", "Sockets"],
      exclude: ["README.md"],
      resources: [
        .embedInCode("Clients/ase_client.py"), .embedInCode("Clients/cp2k.inp"),
        .embedInCode("Clients/torchnep_train.py"),
      ]),
    .target(
      name: "Workflows",
      dependencies: [
        "Atomistics", "FileFormats", "Thermodynamics", "Potentials", "Dynamics", "Interfaces",
        "Analysis", "Report", "Sockets", "Engines", yams,
      ], exclude: ["README.md"]),
    .executableTarget(
      name: "interphase",
      dependencies: [
        "Atomistics", "FileFormats", "Thermodynamics", "Potentials", "Dynamics", "Interfaces",
        "Analysis", "Sockets", "Engines", "Workflows", argumentParser,
      ], exclude: ["README.md"]),
    // Not a product: what ./bench runs.
    .executableTarget(
      name: "interphase-bench",
      dependencies: ["Atomistics", "FileFormats", "Thermodynamics", "Potentials", "Dynamics"],
      exclude: ["README.md"]),

    .testTarget(name: "AtomisticsTests", dependencies: ["Atomistics"]),
    .testTarget(
      name: "FileFormatsTests", dependencies: ["Atomistics", "FileFormats"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ThermodynamicsTests", dependencies: ["Atomistics", "FileFormats", "Thermodynamics"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "PotentialsTests", dependencies: ["Atomistics", "FileFormats", "Potentials"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "DynamicsTests", dependencies: ["Atomistics", "FileFormats", "Potentials", "Dynamics"],
      exclude: ["Reference"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "InterfacesTests", dependencies: ["Atomistics", "FileFormats", "Interfaces"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "AnalysisTests", dependencies: ["Atomistics", "Analysis"]),
    .testTarget(name: "ReportTests", dependencies: ["Report"]),
    .testTarget(
      name: "WorkflowsTests",
      dependencies: [
        "Atomistics", "FileFormats", "Thermodynamics", "Potentials", "Engines", "Workflows",
      ]),
    .testTarget(
      name: "SocketsTests", dependencies: ["Atomistics", "Potentials", "Sockets"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "EnginesTests",
      dependencies: ["Atomistics", "FileFormats", "Potentials", "Sockets", "Engines"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["Atomistics", "FileFormats", "Potentials", "Sockets"]),
    .testTarget(name: "ArchitectureTests"),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
