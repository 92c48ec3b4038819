import Atomistics
import Dynamics
import Foundation
import Testing
import Workflows

private func settings() -> DynamicsSettings {
  var settings = DynamicsSettings(temperature: 300, equilibration: 1000, production: 2000)
  settings.thermostat = .bussi
  return settings
}

@Suite struct DynamicsSettingsTests {
  /// Settings that are not given leave no key, so that records and studies made before stay valid.
  @Test func absentSettingsLeaveNoTrace() throws {
    let text = String(decoding: try JSONEncoder().encode(settings()), as: UTF8.self)
    for key in ["ramp", "cell", "frozen", "regions", "hydrogenMass"] {
      #expect(!text.contains("\"\(key)\""))
    }
  }

  @Test func everySettingComesBack() throws {
    var all = settings()
    all.ramp = TemperatureRamp(to: 600, after: 1000, over: 500)
    all.cell = CellSettings(.flexible, pressure: 0.001)
    all.frozen = [try AtomSelection("atoms 1-3")]
    all.regions = [try RegionSettings("layers 0-1 = 350 K, langevin, 50 fs")]
    all.hydrogenMass = 2
    let back = try JSONDecoder().decode(
      DynamicsSettings.self, from: try JSONEncoder().encode(all))
    #expect(back == all)
    #expect(back.regions![0].text == "layers 0-1 = 350.0 K, langevin, 50.0 fs")
  }

  @Test func contradictionsAreRefused() throws {
    try settings().validate()
    let wrong: [(inout DynamicsSettings) -> Void] = [
      { $0.ramp = TemperatureRamp(to: -1, after: 0, over: 5) },
      { $0.ramp = TemperatureRamp(to: 10, after: -1, over: 5) },
      { $0.ramp = TemperatureRamp(to: 10, after: 0, over: 0) },
      { $0.hydrogenMass = -1 },
      {
        $0.thermostat = .none
        $0.cell = CellSettings(.isotropic)
      },
      { $0.cell = CellSettings(.isotropic, pressure: .nan) },
      { $0.cell = CellSettings(.isotropic, pressure: 100) },
      {
        $0.cell = CellSettings(.inPlane)
        $0.cell!.stress[3] = 0.001
      },
      {
        $0.cell = CellSettings(.inPlane)
        $0.cell!.compressibility = 0
      },
      {
        $0.cell = CellSettings(.inPlane)
        $0.frozen = [.region(.metal)]
      },
    ]
    for (index, change) in wrong.enumerated() {
      var other = settings()
      change(&other)
      let error = #expect(throws: (any Error).self, "\(index)") { try other.validate() }
      #expect(error is any ReportableError)
    }
  }

  @Test func vacuumIsSeenWhereverTheCellBegins() throws {
    var slab = Structure(
      lattice: Lattice(Vector3(5, 0, 0), Vector3(1, 5, 0), Vector3(2, 0, 30)),
      species: Array(repeating: Element("Li")!, count: 8),
      positions: (0..<8).map { Vector3(0.5 * Double($0), 0, 2 * Double($0) - 7) })
    var flexible = settings()
    flexible.cell = CellSettings(.flexible)
    var inPlane = settings()
    inPlane.cell = CellSettings(.inPlane)
    for shift in [0.0, 11, 25] {
      var moved = slab
      for k in 0..<8 { moved.positions[k].z += shift }
      let error = #expect(throws: DynamicsError.self) { try flexible.validate(for: moved) }
      #expect(try #require(error).description.contains("vacuum of 16.0 Å along c"))
      try inPlane.validate(for: moved)
    }
    inPlane.cell = CellSettings(.inPlane, pressure: 1e-4)
    #expect(throws: DynamicsError.self) { try inPlane.validate(for: slab) }
    slab.lattice = Lattice(Vector3(5, 0, 0), Vector3(1, 5, 0), Vector3(1, 0, 16))
    try flexible.validate(for: slab)
    try inPlane.validate(for: slab)
  }

  @Test func stressHasSixValuesAndAUnit() throws {
    let stress = try CellSettings.stress("-0.1 0 0.2 0 0 1e-3 GPa")
    #expect(abs(stress[0] * Units.gigapascal + 0.1) < 1e-12)
    #expect(abs(stress[5] * Units.gigapascal - 1e-3) < 1e-12)
    for text in ["", "1 GPa", "1 2 3 4 5 6", "1 2 3 4 5 x GPa", "1 2 3 4 5 6 7 GPa"] {
      #expect(throws: AtomisticsError.self) { try CellSettings.stress(text) }
    }
  }
}
