export default function P() {
  return <h1>changes</h1>;
}
